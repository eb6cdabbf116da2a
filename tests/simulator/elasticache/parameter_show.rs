//! Parameters as the API shows them.

use super::faults;
use super::input;
use super::parameter_text::description;
use super::parameters::{self, Known};
use super::protocol::{Params, ServiceError, Xml};
use super::region::Region;
use super::versions;
use super::xml::Node;

impl Region {
    /// `DescribeCacheParameters`.
    pub(super) fn describe_parameters(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let group = self.parameter_group(input::required(params, "CacheParameterGroupName")?)?;
        let source = input::text(params, "Source");
        if source.is_some_and(|source| !["user", "system", "engine-default"].contains(&source)) {
            return Err(faults::value("Source must be one of user, system, engine-default."));
        }
        let own = group.values.contains_key("reserved-memory");
        let hidden = parameters::find(&group.family, "reserved-memory").filter(|_| own);
        let mut known: Vec<&Known> = parameters::of(&group.family).chain(hidden).collect();
        known.sort_by_key(|known| known.name);
        known.dedup_by_key(|known| known.name);
        let entries = known
            .into_iter()
            .map(|known| {
                // A default group's own values are AWS's, not the user's.
                let user = group.values.contains_key(known.name) && !versions::is_default_group(&group.name);
                (known.name.to_owned(), (known, if user { "user" } else { "system" }))
            })
            .filter(|(_, (_, from))| source.is_none_or(|source| source == *from))
            .collect();
        let family = &group.family;
        let page = (self.config.parameters_page, 100);
        let mut answer = input::page(params, "Parameters", page, entries, |(known, from)| {
            show_parameter(known, group.value(known), from, (family, known.modifiable))
        })?;
        answer.push(Xml::element("CacheNodeTypeSpecificParameters", Vec::new()));
        Ok(answer)
    }

    /// `DescribeEngineDefaultParameters`.
    pub(super) fn describe_engine_defaults(&self, params: &Params) -> Result<Vec<Xml>, ServiceError> {
        let family = input::required(params, "CacheParameterGroupFamily")?;
        if !versions::FAMILIES.contains(&family) {
            return Err(faults::value(format!(
                "CacheParameterGroupFamily {family} is not a valid parameter group family."
            )));
        }
        let entries = parameters::of(family).map(|known| (known.name.to_owned(), known)).collect();
        let mut inside = vec![Xml::text("CacheParameterGroupFamily", family)];
        inside.extend(input::page(params, "Parameters", (100, 100), entries, |known| {
            // One may change `databases` in a group of one's own, but the defaults say otherwise (example of
            // describe-engine-default-parameters in the AWS CLI's reference).
            let modifiable = known.modifiable && known.name != "databases";
            show_parameter(known, known.default, "system", (family, modifiable))
        })?);
        inside.push(Xml::element("CacheNodeTypeSpecificParameters", Vec::new()));
        Ok(vec![Xml::element("EngineDefaults", inside)])
    }
}

fn show_parameter(
    known: &Known,
    value: Option<&str>,
    source: &str,
    (family, modifiable): (&str, bool),
) -> Xml {
    let least = match family {
        "redis5.0" if known.name == "rename-commands" => "5.0.3",
        "redis2.6" => "2.6.13",
        "redis2.8" => "2.8.6",
        "redis3.2" => "3.2.4",
        "redis4.0" => "4.0.10",
        "redis5.0" => "5.0.0",
        "redis6.x" => "6.0.0",
        "redis7" => "7.0.4",
        "valkey7" => "7.2.6",
        "valkey8" => "8.0.0",
        _ => "9.0.0",
    };
    Node::new("Parameter")
        .text("ParameterName", known.name)
        .maybe("ParameterValue", value)
        .text(
            "Description",
            description(known.name).map_or_else(|| known.name.replace('-', " "), str::to_owned),
        )
        .text("Source", source)
        .text("DataType", known.kind)
        .maybe("AllowedValues", (!known.allowed.is_empty()).then_some(known.allowed))
        .text("IsModifiable", modifiable)
        .text("MinimumEngineVersion", least)
        .text("ChangeType", if known.reboot { "requires-reboot" } else { "immediate" })
        .done()
}
