//! The reference pages, in the Terraform Registry's layout.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_elasticache::engine::{Function, Parameter};
use terraform_provider_elasticache::provider;
use terraform_provider_elasticache::registry::REGISTRY;
use terraform_provider_elasticache::schema::Block;

use super::schema::{plain_type, schema_section};

/// Folders under `docs/` that hold nothing but pages made here.
pub const FOLDERS: [&str; 4] = ["data-sources", "ephemeral-resources", "functions", "resources"];

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

/// The first sentence.
fn first_sentence(description: &str) -> String {
    let sentence = description.split_once(". ").map_or(description, |(first, _)| first);
    format!("{}.", sentence.trim_end_matches('.'))
}

fn front_matter(title: &str, summary: &str) -> String {
    format!("---\npage_title: \"{title}\"\ndescription: |-\n  {summary}\n---\n")
}

/// A page of something that has a schema; `kind` is what the registry calls it.
fn schema_page(kind: &str, folder: &str, file: &str, name: &'static str, block: &Block) -> Entry {
    let summary = first_sentence(block.description);
    let text = format!(
        "{front}\n# {name} ({kind})\n\n{description}\n\n## Example Usage\n\n```terraform\n{usage}```\n\n{schema}",
        front = front_matter(&format!("{name} {kind}"), &summary),
        description = block.description,
        usage = example(&format!("{folder}/{name}/{file}")),
        schema = schema_section(block),
    );
    let short = name.strip_prefix("elasticache_").unwrap();
    Entry { name, summary, page: Path::new(folder).join(format!("{short}.md")), text }
}

fn resources() -> Vec<Entry> {
    let page = |name, block: &Block| {
        let mut entry = schema_page("Resource", "resources", "resource.tf", name, block);
        let import = example(&format!("resources/{name}/import.sh"));
        let _ = write!(entry.text, "\n## Import\n\n```shell\n{import}```\n");
        entry
    };
    REGISTRY.resources.iter().map(|each| page(each.type_name(), &each.schema().block)).collect()
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
        "{front}\n# function: {name}\n\n{description}\n\n## Example Usage\n\n```terraform\n{usage}```\n\n\
         ## Signature\n\n```text\n{signature}\n```\n\n## Arguments\n\n",
        front = front_matter(&format!("{name} Function"), &summary),
        description = function.description(),
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

fn index_page() -> String {
    let block = &provider::schema().block;
    format!(
        "{front}\n# ElastiCache Provider\n\n{description}\n\n\
         [The permissions it needs]({permissions}) are a policy to copy. Another guide says how caches \
         [come here from hashicorp/aws]({migration}) without a change in AWS, one how a group moves \
         [from an AUTH token to users]({users}), and one how \
         [modules are tested with mocks]({testing}).\n\n\
         ## Example Usage\n\n```terraform\n{usage}```\n\n\
         ## Contents\n\n{contents}{schema}",
        front = front_matter("Provider: ElastiCache", &first_sentence(block.description)),
        description = block.description,
        permissions = absolute("guides/permissions.md"),
        migration = absolute("guides/from-hashicorp-aws.md"),
        users = absolute("guides/auth-token-to-users.md"),
        testing = absolute("guides/testing.md"),
        usage = example("provider/provider.tf"),
        contents = contents(absolute),
        schema = schema_section(block),
    )
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
    let entries = [resources(), data_sources(), ephemeral_resources(), functions()];
    let mut pages: BTreeMap<_, _> =
        entries.into_iter().flatten().map(|entry| (Path::new("docs").join(entry.page), entry.text)).collect();
    pages.insert("docs/index.md".into(), index_page());
    pages
}
