//! Schemas on the wire.

use crate::schema::{Attribute, Block, BlockNesting, Mode, NestedBlock, Nesting, Schema};
use crate::wire::proto::tfplugin6 as pb;

/// Writes a schema.
pub(super) fn schema(schema: &Schema) -> pb::Schema {
    pb::Schema { version: schema.version, block: Some(block(&schema.block)) }
}

fn block(block: &Block) -> pb::schema::Block {
    let mut attributes: Vec<_> = block.attributes.iter().map(attribute).collect();
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
    let mut block_types: Vec<_> = block.blocks.iter().map(nested_block).collect();
    block_types.sort_by(|a, b| a.type_name.cmp(&b.type_name));
    pb::schema::Block {
        attributes,
        block_types,
        description: block.description.to_string(),
        description_kind: pb::StringKind::Markdown.into(),
        ..Default::default()
    }
}

fn attribute(attribute: &Attribute) -> pb::schema::Attribute {
    let nested_type = attribute.nested.as_ref().map(|nested| {
        use pb::schema::object::NestingMode;
        let nesting = match nested.nesting {
            Nesting::Single => NestingMode::Single,
            Nesting::List => NestingMode::List,
            Nesting::Set => NestingMode::Set,
            Nesting::Map => NestingMode::Map,
        };
        pb::schema::Object {
            attributes: nested.attributes.iter().map(self::attribute).collect(),
            nesting: nesting.into(),
            ..Default::default()
        }
    });
    let ty = if nested_type.is_some() {
        Vec::new()
    } else {
        attribute.wire_type().to_json().to_string().into_bytes()
    };
    pb::schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: ty,
        nested_type,
        description: attribute.documentation().into_owned(),
        description_kind: pb::StringKind::Markdown.into(),
        required: attribute.mode == Mode::Required,
        optional: matches!(attribute.mode, Mode::Optional | Mode::OptionalComputed),
        computed: attribute.is_computed(),
        // Nothing shows a write-only value. Each further sensitive path makes the refresh-only
        // plan of Terraform 1.11 exit with 2 at random (hashicorp/terraform#37406).
        sensitive: attribute.sensitive && !attribute.write_only,
        deprecated: attribute.deprecated.is_some(),
        deprecation_message: attribute.deprecated.unwrap_or_default().to_owned(),
        write_only: attribute.write_only,
    }
}

fn nested_block(nested: &NestedBlock) -> pb::schema::NestedBlock {
    use pb::schema::nested_block::NestingMode;
    let nesting = match nested.nesting {
        BlockNesting::Single => NestingMode::Single,
        BlockNesting::List => NestingMode::List,
        BlockNesting::Set => NestingMode::Set,
    };
    // Core wants equal bounds, 0 or 1, for a single block.
    let max_items = if nested.nesting == BlockNesting::Single { 0 } else { nested.max_items };
    pb::schema::NestedBlock {
        type_name: nested.name.to_owned(),
        block: Some(block(&nested.block)),
        nesting: nesting.into(),
        min_items: 0,
        max_items: max_items.into(),
    }
}
