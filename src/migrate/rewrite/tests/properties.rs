//! What holds for any configuration.

use std::fs;

use proptest::prelude::*;

use super::{Files, Migrated, folder};

/// Parts of configurations: what is rewritten, what refers to it, and what is neither.
const PARTS: &[&str] = &[
    "resource \"aws_elasticache_subnet_group\" \"a\" {\n  name       = \"a\" # its name\n  subnet_ids = [\"subnet-1\"]\n}\n",
    "resource \"aws_elasticache_subnet_group\" \"b\" {\n  provider   = aws.other\n  name       = \"b\"\n  subnet_ids = []\n}\n",
    "resource \"aws_elasticache_replication_group\" \"a\" {\n  replication_group_id  = \"a\"\n  number_cache_clusters = 2\n\n  # one \
     shard\n  cluster_mode {\n    num_node_groups = 1 # or more\n  }\n}\n",
    "resource \"aws_elasticache_cluster\" \"a\" {\n  cluster_id           = \"a\"\n  replication_group_id = \
     aws_elasticache_replication_group.a.id\n}\n",
    "resource \"aws_cloudwatch_metric_alarm\" \"a\" {\n  alarm_name = \"a\"\n  namespace  = \"AWS/ElastiCache\"\n}\n",
    "resource \"aws_cloudwatch_log_group\" \"a\" {\n  name = \"/aws/elasticache/a\"\n}\n",
    "data \"aws_elasticache_user\" \"a\" {\n  user_id = \"a\"\n}\n",
    "locals {\n  /* all */\n  names = [aws_elasticache_subnet_group.a.name, \"${aws_elasticache_subnet_group.b.name}\"]\n}\n",
    "output \"user\" {\n  value = <<-EOT\n    ${data.aws_elasticache_user.a.engine}\n  EOT\n}\n",
    "provider \"aws\" {\n  region = \"eu-west-1\" // here\n}\n",
    "provider \"aws\" {\n  alias  = \"other\"\n  region = \"eu-west-2\"\n}\n",
    "terraform {\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\" # theirs\n    }\n  }\n}\n",
    "moved {\n  from = aws_elasticache_subnet_group.old\n  to   = aws_elasticache_subnet_group.a\n}\n",
    "module \"inner\" {\n  source    = \"./inner\"\n  providers = { aws = aws.other }\n}\n",
    "resource \"aws_instance\" \"a\" {\n  ami = \"ami-1\"\n}\n",
    "# A comment of its own.\n",
    "variable \"aws_elasticache_subnet_group\" {}\n",
];

/// Some of the parts in any order, each at most once, in one of three files, with any ends of lines.
fn configurations() -> impl Strategy<Value = Files> {
    let parts = Just((0..PARTS.len()).collect::<Vec<_>>()).prop_shuffle();
    (parts, 0..=PARTS.len(), any::<[bool; 3]>(), proptest::collection::vec(0..3usize, PARTS.len())).prop_map(
        |(order, count, windows, places)| {
            let mut files = Files::new();
            for (part, place) in order.into_iter().take(count).zip(places) {
                let place = ["main.tf", "other.tf", "inner/main.tf"][place];
                let text = files.entry(place.to_owned()).or_default();
                text.push_str(PARTS[part]);
                text.push('\n');
            }
            for (text, windows) in files.values_mut().zip(windows) {
                if windows {
                    *text = text.replace('\n', "\r\n");
                }
            }
            files
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// [`Migrated`] checks that a second migration changes nothing and that comments are kept.
    #[test]
    fn a_migration_is_whole_and_keeps_what_it_does_not_name(files in configurations()) {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let unread = folder(&files);
        let migrated = Migrated::from(folder(&files));
        prop_assert_eq!(migrated.findings_of("error"), [""; 0]);
        for (path, before) in &files {
            let after = migrated.file(path);
            if !migrated.changed().iter().any(|changed| changed == path) {
                prop_assert_eq!(&after, before);
            }
            // Lines that name neither provider stay as they are, in their order.
            let own = |text: &str| {
                let lines = text.split_inclusive('\n').filter(|line| !is_named(line)).map(str::to_owned);
                lines.collect::<Vec<_>>()
            };
            let mut rest = own(&after).into_iter();
            for line in own(before) {
                prop_assert!(rest.any(|retained| retained == line), "{} lost {:?}:\n{}", path, line, after);
            }
            prop_assert_eq!(fs::read(unread.path().join(path)).unwrap(), before.as_bytes());
        }
    }
}

/// True for a line that may change: it names a type or provider, or is part of the old block of shards.
fn is_named(line: &str) -> bool {
    let words = ["aws", "elasticache", "cluster", "node_groups"];
    words.iter().any(|word| line.contains(word)) || line.trim() == "}"
}
