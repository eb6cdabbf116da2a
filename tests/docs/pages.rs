//! The reference pages, in the Terraform Registry's layout.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use terraform_provider_elasticache::engine::{AnyResource, Function, Parameter, Timeouts};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Block;

use super::permissions;
use super::schema::{plain_type, schema_section};

/// Folders under `docs/` that hold nothing but pages made here.
pub const FOLDERS: [&str; 6] =
    ["actions", "data-sources", "ephemeral-resources", "functions", "list-resources", "resources"];

/// One thing that has a page.
struct Entry {
    /// What a configuration calls it.
    name: &'static str,
    /// One sentence, with its full stop.
    summary: String,
    /// Its page, below `docs/`.
    page: PathBuf,
    text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn example(path: &str) -> String {
    fs::read_to_string(root().join("examples").join(path))
        .unwrap_or_else(|error| panic!("examples/{path}: {error}"))
}

/// The first sentence, which fits in one line of a list or of the front matter.
fn first_sentence(description: &str) -> String {
    let paragraph = description.split("\n\n").next().unwrap_or_default();
    let sentence = paragraph.split_once(". ").map_or(paragraph, |(first, _)| first);
    format!("{}.", sentence.trim_end_matches('.'))
}

fn front_matter(title: &str, summary: &str) -> String {
    format!("---\npage_title: \"{title}\"\ndescription: |-\n  {summary}\n---\n")
}

/// A page of something that has a schema; `kind` is what the registry calls it.
fn schema_page(kind: &str, folder: &str, file: &str, name: &'static str, block: &Block) -> Entry {
    let summary = first_sentence(&block.description);
    let text = format!(
        "{front}\n# {name} ({kind})\n\n{description}\n{versions}\n## Example Usage\n\n```terraform\n{usage}```\n{more}\n{schema}",
        front = front_matter(&format!("{name} {kind}"), &summary),
        description = block.description,
        versions = versions(kind),
        usage = example(&format!("{folder}/{name}/{file}")),
        more = more_sections(folder, name),
        schema = schema_section(block),
    );
    let short = name.strip_prefix("elasticache_").unwrap();
    Entry { name, summary, page: Path::new(folder).join(format!("{short}.md")), text }
}

/// Which versions of the programs know a kind; those that all know need no word.
fn versions(kind: &str) -> &'static str {
    match kind {
        "Ephemeral Resource" => {
            "\nEphemeral resources require Terraform 1.10 or OpenTofu 1.11, or a later version.\n"
        }
        "List Resource" => {
            "\nList resources are for `terraform query` and require Terraform 1.14 or later. OpenTofu does not support them.\n"
        }
        "Action" => {
            "\nActions require Terraform 1.14 or later. OpenTofu does not support them. `terraform apply -invoke=ADDRESS` invokes \
             an action, and so does an `action_trigger` in the `lifecycle` block of a resource.\n"
        }
        "Function" => "\nFunctions require Terraform 1.8 or OpenTofu 1.7, or a later version.\n",
        _ => "",
    }
}

/// Further examples of a type, each with a title from its first line, and the table of changes.
fn more_sections(folder: &str, name: &str) -> String {
    let place = root().join("examples").join(folder).join(name);
    let mut files: Vec<_> = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("example-")));
    files.sort();
    let mut text = String::new();
    for file in files {
        let example = fs::read_to_string(&file).unwrap();
        let (title, code) = example.split_once('\n').expect("an example with a title");
        let title = title.strip_prefix("# ").expect("a title is a comment");
        let _ = write!(text, "\n### {title}\n\n```terraform\n{code}```\n");
    }
    if let Ok(changes) = fs::read_to_string(place.join("changes.md")) {
        let _ = write!(text, "\n## Changes\n\n{changes}");
    }
    text
}

fn resources() -> Vec<Entry> {
    let page = |name, block: &Block| schema_page("Resource", "resources", "resource.tf", name, block);
    let complete = |resource: &&'static dyn AnyResource| {
        let mut entry = page(resource.type_name(), &resource.schema().block);
        entry.text.push_str(&timeouts_section(*resource));
        entry.text.push_str(&import_section(*resource));
        entry.text.push_str(&permissions::section(resource.type_name()));
        entry
    };
    REGISTRY.resources.iter().map(complete).collect()
}

/// The defaults of the `timeouts` block, from the code that applies them.
fn timeouts_section(resource: &dyn AnyResource) -> String {
    if resource.schema().block.nested_block("timeouts").is_none() {
        return String::new();
    }
    let Timeouts { create, update, delete } = resource.default_timeouts();
    let minutes = |time: Duration| time.as_secs() / 60;
    format!(
        "\n## Timeouts\n\nThe `timeouts` block sets how long each operation may wait for AWS:\n\n\
         - `create` Defaults to `{}m`.\n- `update` Defaults to `{}m`.\n- `delete` Defaults to `{}m`.\n",
        minutes(create),
        minutes(update),
        minutes(delete)
    )
}

/// How an existing object comes under the configuration, from the command of the examples.
fn import_section(resource: &dyn AnyResource) -> String {
    let name = resource.type_name();
    let commands = example(&format!("resources/{name}/import.sh"));
    let command = commands.lines().find_map(|line| line.strip_prefix("terraform import "));
    let (address, id) = command.and_then(|it| it.split_once(' ')).expect("a command that imports");
    let id = id.trim_matches('\'');
    let mut text = format!(
        "\n## Import\n\nWith an `import` block (Terraform 1.5 and later, OpenTofu 1.6 and later):\n\n\
         ```terraform\nimport {{\n  to = {address}\n  id = \"{id}\"\n}}\n```\n\n\
         `terraform plan -generate-config-out=generated.tf` writes the configuration. With the command:\n\n\
         ```shell\n{commands}```\n"
    );
    let keys: Vec<&str> =
        resource.identity_schema().attributes().iter().filter(|it| it.required).map(|it| it.name).collect();
    // The identity of a secret is its ARN, which ends with the name and six characters of AWS.
    let secret = format!("arn:aws:secretsmanager:eu-central-1:111122223333:secret:{id}-AbCdEf");
    let is_secret = keys == ["arn"];
    if keys.len() == 1 {
        let _ = write!(
            text,
            "\nBy identity (Terraform and OpenTofu 1.12 and later); `account_id` and `region` are optional:\n\n\
             ```terraform\nimport {{\n  to = {address}\n  identity = {{\n    {} = \"{}\"\n  }}\n}}\n```\n",
            keys[0],
            if is_secret { secret.as_str() } else { id }
        );
    } else {
        let parts = keys.iter().zip(id.split(','));
        let width = keys.iter().map(|key| key.len()).max().unwrap_or_default();
        let lines: String = parts.map(|(key, part)| format!("    {key:width$} = \"{part}\"\n")).collect();
        let _ = write!(
            text,
            "\nBy identity (Terraform and OpenTofu 1.12 and later); `account_id` and `region` are optional:\n\n\
             ```terraform\nimport {{\n  to = {address}\n  identity = {{\n{lines}  }}\n}}\n```\n"
        );
    }
    if resource.schema().block.attribute("region").is_some() {
        let _ = write!(
            text,
            "\nAn object in another Region than the provider's has the Region behind its ID: `{id}@eu-central-1`.\n"
        );
    }
    if let Some(form) = resource.arn_form() {
        // A global datastore is in no Region.
        let (names, region) = match form.prefix {
            "globalreplicationgroup:" => ("", ""),
            _ => (" and names the Region itself", "eu-central-1"),
        };
        let _ = write!(
            text,
            "\nThe ARN is accepted in place of the ID{names}: `arn:aws:{}:{region}:111122223333:{}…`.\n",
            form.service, form.prefix
        );
    }
    if is_secret {
        let _ = write!(
            text,
            "\nThe ARN is accepted in place of the ID and names the Region itself: `{secret}`.\n"
        );
    }
    text.push_str(&not_readable(&resource.schema().block));
    text
}

/// What an import does not find, from the rules of attributes and blocks.
fn not_readable(block: &Block) -> String {
    let attributes = block.attributes.iter().map(|it| (it.name, it.not_readable));
    let blocks = block.blocks.iter().map(|it| (it.name, it.not_readable));
    let items =
        attributes.chain(blocks).filter_map(|(name, reason)| Some(format!("- `{name}`: {}.\n", reason?)));
    let list: String = items.collect();
    if list.is_empty() {
        return list;
    }
    format!(
        "\nThe API does not return these, or not completely. The first apply after an import writes the configured \
         values to the state:\n\n{list}"
    )
}

fn data_sources() -> Vec<Entry> {
    let page = |name, block| schema_page("Data Source", "data-sources", "data-source.tf", name, block);
    REGISTRY.data_sources.iter().map(|each| page(each.type_name(), &each.schema().block)).collect()
}

fn ephemeral_resources() -> Vec<Entry> {
    let page = |name, block| {
        schema_page("Ephemeral Resource", "ephemeral-resources", "ephemeral-resource.tf", name, block)
    };
    REGISTRY.ephemeral_resources.iter().map(|each| page(each.type_name(), &each.schema().block)).collect()
}

fn list_resources() -> Vec<Entry> {
    let page = |name, block| {
        schema_page("List Resource", "list-resources", "list-resource.tfquery.hcl", name, block)
    };
    REGISTRY.list_resources.iter().map(|each| page(each.type_name(), &each.schema().block)).collect()
}

fn actions() -> Vec<Entry> {
    let page = |name, block| schema_page("Action", "actions", "action.tf", name, block);
    REGISTRY.actions.iter().map(|each| page(each.type_name(), &each.schema().block)).collect()
}

fn functions() -> Vec<Entry> {
    REGISTRY.functions.iter().map(|each| function_page(*each)).collect()
}

/// `name(a string, b list of string...) string`
fn signature(function: &dyn Function) -> String {
    let parameter =
        |parameter: &Parameter| format!("{} {}", parameter.name, plain_type(&parameter.ty).to_lowercase());
    let mut parameters: Vec<String> = function.parameters().iter().map(parameter).collect();
    parameters.extend(function.variadic().iter().map(|last| format!("{}...", parameter(last))));
    let returns = plain_type(&function.returns()).to_lowercase();
    format!("{}({}) {returns}", function.name(), parameters.join(", "))
}

fn function_page(function: &dyn Function) -> Entry {
    let name = function.name();
    let summary = format!("{}.", function.summary());
    let mut text = format!(
        "{front}\n# function: {name}\n\n{description}\n{versions}\n## Example Usage\n\n```terraform\n{usage}```\n\n\
         ## Signature\n\n```text\n{signature}\n```\n\n## Arguments\n\n",
        front = front_matter(&format!("{name} Function"), &summary),
        description = function.description(),
        versions = versions("Function"),
        usage = example(&format!("functions/{name}/function.tf")),
        signature = signature(function),
    );
    let variadic = function.variadic();
    for (i, parameter) in function.parameters().iter().chain(&variadic).enumerate() {
        let mut kind = plain_type(&parameter.ty);
        if i == function.parameters().len() {
            kind.push_str(", Variadic");
        }
        if parameter.nullable {
            kind.push_str(", Nullable");
        }
        let _ = writeln!(text, "{}. `{}` ({kind}) {}", i + 1, parameter.name, parameter.description);
    }
    Entry { name, summary, page: Path::new("functions").join(format!("{name}.md")), text }
}

/// Where the public registry shows the pages of `docs/`, each without its `.md`.
pub fn published() -> String {
    format!("https://registry.terraform.io/providers/{}/latest/docs/", provider::SOURCE)
}

/// A link of the overview to a page. The registry serves the overview without a slash at its end, so that
/// relative links in it lead to pages that do not exist.
fn absolute(page: &str) -> String {
    published() + page.trim_end_matches(".md")
}

/// Everything there is, by kind and name, with links made from the pages below `docs/`.
fn contents(link: fn(&str) -> String) -> String {
    let mut list = String::new();
    for (title, entries) in [
        ("Resources", resources()),
        ("Data sources", data_sources()),
        ("Ephemeral resources", ephemeral_resources()),
        ("List resources", list_resources()),
        ("Actions", actions()),
        ("Functions", functions()),
    ] {
        if entries.is_empty() {
            continue;
        }
        let _ = write!(list, "### {title}\n\n");
        for entry in entries {
            let link = link(&entry.page.to_string_lossy());
            let _ = writeln!(list, "- [`{}`]({link}): {}", entry.name, entry.summary);
        }
        list.push('\n');
    }
    list
}

/// The guides by title, with the links of the overview.
fn articles() -> String {
    let folder = root().join("docs/guides");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut list = String::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let field = |name: &str| {
            let line =
                text.lines().find_map(|line| line.strip_prefix(name)).expect("front matter of a guide");
            line.trim().trim_matches('"').to_owned()
        };
        let link = absolute(&format!("guides/{}", file.file_name().unwrap().to_string_lossy()));
        let _ = writeln!(list, "- [{}]({link}): {}", field("page_title:"), field("description:"));
    }
    list
}

/// The overview: a template with what the code says.
fn index_page() -> String {
    let block = &provider::schema().block;
    include_str!("index.md.in")
        .replace("{front}\n", &front_matter("Provider: ElastiCache", &first_sentence(&block.description)))
        .replace("{description}", &block.description)
        .replace("{guides}", &absolute("guides"))
        .replace("{usage}", &example("provider/provider.tf"))
        .replace("{articles}", &articles())
        .replace("{contents}", &contents(absolute))
        .replace("{schema}\n", &schema_section(block))
}

/// The part of the README between these lines is made here as well.
const CONTENTS: (&str, &str) = ("<!-- contents -->\n\n", "<!-- /contents -->");

/// The README with the contents as they are now.
pub fn readme() -> String {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let (before, rest) = text.split_once(CONTENTS.0).expect("the line where the contents begin");
    let (_, after) = rest.split_once(CONTENTS.1).expect("the line where the contents end");
    let contents = contents(|page| format!("docs/{page}"));
    format!("{before}{}{contents}{}{after}", CONTENTS.0, CONTENTS.1)
}

/// Every reference page, by its path below the repository.
pub fn pages() -> BTreeMap<PathBuf, String> {
    let entries =
        [resources(), data_sources(), ephemeral_resources(), list_resources(), actions(), functions()];
    let mut pages: BTreeMap<_, _> =
        entries.into_iter().flatten().map(|entry| (Path::new("docs").join(entry.page), entry.text)).collect();
    pages.insert("docs/index.md".into(), index_page());
    pages
}
