//! Configurations of the form that a schema describes. They need not be valid.

use terraform_provider_elasticache::schema::{
    Attribute, Block, BlockNesting, Check, Mode, NestedBlock, Nesting,
};
use terraform_provider_elasticache::value::{Map, Number, Type, Value};

use super::words::{SECRET, TEXTS};

/// Chooses values. Every secret is another one.
pub struct Generator {
    pub rng: fastrand::Rng,
    /// Whether values may be unknown.
    pub unknown: bool,
}

impl Generator {
    pub fn new(seed: u64, unknown: bool) -> Self {
        Self { rng: fastrand::Rng::with_seed(seed), unknown }
    }

    fn one_in(&mut self, of: u32) -> bool {
        self.rng.u32(..of) == 0
    }

    /// The configuration with some of its arguments set to something else.
    pub fn mutate(&mut self, block: &Block, config: &Value) -> Value {
        let Value::Map(mut members) = config.clone() else { return config.clone() };
        for _ in 0..self.rng.usize(1..=4) {
            self.change(block, &mut members);
        }
        block.conform(Value::Map(members))
    }

    /// A configuration that begins with nothing.
    pub fn invent(&mut self, block: &Block) -> Value {
        let mut members = block.empty_object();
        for attribute in block.attributes.iter().filter(|it| it.is_configurable()) {
            if attribute.mode == Mode::Required || self.one_in(5) {
                members.insert(attribute.name.to_owned(), self.argument(attribute));
            }
        }
        for nested in &block.blocks {
            if self.one_in(4) {
                members.insert(nested.name.to_owned(), self.blocks(nested));
            }
        }
        block.conform(Value::Map(members))
    }

    /// Sets an argument or a block of this one.
    fn change(&mut self, block: &Block, members: &mut Map) {
        let settable: Vec<&Attribute> = block.attributes.iter().filter(|it| it.is_configurable()).collect();
        let at = self.rng.usize(..settable.len() + block.blocks.len());
        if let Some(attribute) = settable.get(at) {
            let value = match members.get(attribute.name) {
                Some(Value::Map(inner)) if attribute.nested.is_some() && !self.one_in(3) => {
                    self.part(attribute, inner.clone())
                }
                Some(Value::String(text)) if self.one_in(3) && !attribute.sensitive => self.respell(text),
                _ => self.argument(attribute),
            };
            members.insert(attribute.name.to_owned(), value);
            return;
        }
        let nested = &block.blocks[at - settable.len()];
        let value = match (nested.nesting, members.get(nested.name).cloned()) {
            (BlockNesting::Single, Some(Value::Map(mut inner))) if !self.one_in(3) => {
                self.change(&nested.block, &mut inner);
                Value::Map(inner)
            }
            (BlockNesting::List, Some(Value::List(mut items))) if !items.is_empty() && !self.one_in(3) => {
                let at = self.rng.usize(..items.len());
                items[at] = self.mutate(&nested.block, &items[at]);
                Value::List(items)
            }
            (BlockNesting::Set, Some(Value::Set(mut items))) if !items.is_empty() && !self.one_in(3) => {
                let at = self.rng.usize(..items.len());
                items[at] = self.mutate(&nested.block, &items[at]);
                Value::set(items)
            }
            _ => self.blocks(nested),
        };
        members.insert(nested.name.to_owned(), value);
    }

    /// A single nested object with another value of one of its attributes.
    fn part(&mut self, attribute: &Attribute, mut inner: Map) -> Value {
        let nested = attribute.nested.as_ref().map(|nested| nested.attributes.as_slice()).unwrap_or_default();
        let settable: Vec<&Attribute> = nested.iter().filter(|it| it.is_configurable()).collect();
        if let Some(attribute) = self.rng.choice(settable) {
            inner.insert(attribute.name.to_owned(), self.argument(attribute));
        }
        Value::Map(inner)
    }

    fn blocks(&mut self, nested: &NestedBlock) -> Value {
        if self.unknown && nested.nesting != BlockNesting::Single && self.one_in(8) {
            return Value::Unknown;
        }
        let count = self.rng.usize(..3);
        let mut items: Vec<Value> = (0..count).map(|_| self.invent(&nested.block)).collect();
        match nested.nesting {
            BlockNesting::Single => items.pop().unwrap_or(Value::Null),
            BlockNesting::List => Value::List(items),
            BlockNesting::Set => Value::set(items),
        }
    }

    /// A value of an argument.
    fn argument(&mut self, attribute: &Attribute) -> Value {
        // Core refuses null for a required argument.
        if self.one_in(6) && attribute.mode != Mode::Required {
            return Value::Null;
        }
        if self.unknown && self.one_in(4) {
            return Value::Unknown;
        }
        let Some(nested) = &attribute.nested else {
            return self.value(&attribute.ty(), &attribute.checks, attribute.sensitive);
        };
        let count = self.rng.usize(..3);
        match nested.nesting {
            Nesting::Single => self.object(&nested.attributes),
            Nesting::List => Value::List((0..count).map(|_| self.object(&nested.attributes)).collect()),
            Nesting::Set => {
                Value::set((0..count).map(|_| self.object(&nested.attributes)).collect::<Vec<_>>())
            }
            Nesting::Map => Value::map(
                (0..count).map(|_| (self.key(), self.object(&nested.attributes))).collect::<Vec<_>>(),
            ),
        }
    }

    fn object(&mut self, attributes: &[Attribute]) -> Value {
        Value::map(attributes.iter().map(|attribute| {
            let is_given =
                attribute.is_configurable() && (attribute.mode == Mode::Required || !self.one_in(3));
            (attribute.name, if is_given { self.argument(attribute) } else { Value::Null })
        }))
    }

    /// A value of a type; `checks` say where its boundaries are.
    pub fn value(&mut self, ty: &Type, checks: &[Check], is_secret: bool) -> Value {
        let inner: Vec<Check> = checks
            .iter()
            .filter_map(|check| if let Check::Each(inner) = check { Some((**inner).clone()) } else { None })
            .collect();
        let count = self.rng.usize(..4);
        match ty {
            Type::Bool => Value::Bool(self.rng.bool()),
            Type::Number => self.number(checks),
            Type::String if is_secret => self.secret(),
            Type::String => self.text(checks),
            Type::List(ty) => Value::List((0..count).map(|_| self.item(ty, &inner, is_secret)).collect()),
            Type::Set(ty) => {
                Value::set((0..count).map(|_| self.item(ty, &inner, is_secret)).collect::<Vec<_>>())
            }
            Type::Map(ty) => Value::map(
                (0..count).map(|_| (self.key(), self.item(ty, &inner, is_secret))).collect::<Vec<_>>(),
            ),
            Type::Tuple(types) => Value::List(types.iter().map(|ty| self.item(ty, &[], is_secret)).collect()),
            Type::Object(members) => {
                Value::map(members.iter().map(|(name, ty)| (name.clone(), self.item(ty, &[], is_secret))))
            }
            Type::Dynamic => {
                let text = if is_secret { self.secret() } else { self.text(checks) };
                Value::Typed(Box::new(Type::String), Box::new(text))
            }
        }
    }

    fn item(&mut self, ty: &Type, checks: &[Check], is_secret: bool) -> Value {
        match self.rng.u32(..20) {
            0 => Value::Null,
            1 if self.unknown => Value::Unknown,
            _ => self.value(ty, checks, is_secret),
        }
    }

    fn key(&mut self) -> String {
        let keys = ["a", "team", "Team", "", "aws:team", "CacheClusterId", "with space", "é"];
        self.rng.choice(keys).unwrap_or_default().to_owned()
    }

    /// Of a length that most rules accept.
    fn secret(&mut self) -> Value {
        let length = *self.rng.choice(&[4, 16, 40, 120]).unwrap_or(&16);
        let rest: String = (0..length).map(|_| self.rng.alphanumeric()).collect();
        Value::string(format!("{SECRET}{rest}"))
    }

    fn text(&mut self, checks: &[Check]) -> Value {
        for check in checks {
            match check {
                Check::OneOf(words) if !self.one_in(4) => {
                    let word = self.rng.choice(*words).copied().unwrap_or_default();
                    return if self.one_in(4) { self.respell(word) } else { Value::string(word) };
                }
                Check::Length(least, most) if self.one_in(3) => {
                    let lengths = [least.saturating_sub(1), *least, *most, most + 1];
                    return Value::string("x".repeat(self.rng.choice(lengths).unwrap_or_default()));
                }
                _ => {}
            }
        }
        Value::string(self.rng.choice(TEXTS).copied().unwrap_or_default())
    }

    /// Almost the same text.
    fn respell(&mut self, text: &str) -> Value {
        let half: String = text.chars().take(text.chars().count() / 2).collect();
        let forms = [
            text.to_uppercase(),
            text.to_lowercase(),
            format!("{text}x"),
            format!("{text}{text}"),
            format!(" {text}"),
            format!("{text}."),
            half,
        ];
        Value::string(self.rng.choice(forms).unwrap_or_default())
    }

    fn number(&mut self, checks: &[Check]) -> Value {
        let mut whole = vec![-1, 0, 1, 2, 3, 7, 60, 16379, 2_147_483_648, 9_007_199_254_740_992];
        for check in checks {
            match check {
                Check::Range(low, high) => whole.extend([*low, *high, low - 1, high + 1, (low + high) / 2]),
                Check::AtLeast(low) => whole.extend([*low, low - 1, low + 1]),
                _ => {}
            }
        }
        let others = ["0.5", "1e20", "-1e300", "123456789012345678901234567890"];
        match self.rng.u32(..10) {
            0 => {
                let text = self.rng.choice(others).unwrap_or("0.5");
                text.parse::<Number>().map_or(Value::Null, Value::Number)
            }
            _ => Value::from(self.rng.choice(whole).unwrap_or_default()),
        }
    }

    /// The configuration with some of what is known unknown.
    pub fn forget(&mut self, value: &Value) -> Value {
        match value {
            Value::Null => Value::Null,
            Value::Map(members) => {
                Value::map(members.iter().map(|(name, value)| (name.clone(), self.forget_part(value))))
            }
            other => other.clone(),
        }
    }

    fn forget_part(&mut self, value: &Value) -> Value {
        if value.is_null() || (value.is_empty() && !matches!(value, Value::String(_))) {
            return value.clone();
        }
        if self.one_in(4) {
            return Value::Unknown;
        }
        match value {
            Value::Map(_) => self.forget(value),
            Value::List(items) => Value::List(items.iter().map(|item| self.forget_part(item)).collect()),
            other => other.clone(),
        }
    }
}
