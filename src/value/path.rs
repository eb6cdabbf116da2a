//! Where in an object a value sits.

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An attribute or block of an object.
    Attribute(String),
    /// An entry of a map.
    Key(String),
    /// An element of a list. Elements of sets cannot be addressed.
    Index(usize),
}

/// Steps from the whole object to one of its parts; empty for the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

impl Path {
    /// The whole object.
    pub fn root() -> Self {
        Self::default()
    }

    /// The top-level attribute or block `name`.
    pub fn attribute(name: impl Into<String>) -> Self {
        Self(vec![Step::Attribute(name.into())])
    }

    /// This path, then the attribute or block `name`.
    pub fn then(&self, name: impl Into<String>) -> Self {
        self.with(Step::Attribute(name.into()))
    }

    /// This path, then the map entry `key`.
    pub fn key(&self, key: impl Into<String>) -> Self {
        self.with(Step::Key(key.into()))
    }

    /// This path, then the list element `index`.
    pub fn index(&self, index: usize) -> Self {
        self.with(Step::Index(index))
    }

    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The top-level attribute this path leads into.
    pub fn first_attribute(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Attribute(name)) => Some(name),
            _ => None,
        }
    }

    /// The same with the attribute that follows on `outer` as an entry of it.
    #[must_use]
    pub fn entry_at(mut self, outer: &Self) -> Self {
        if self.0.starts_with(&outer.0)
            && let Some(step) = self.0.get_mut(outer.0.len())
            && let Step::Attribute(name) = step
        {
            *step = Step::Key(std::mem::take(name));
        }
        self
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl std::fmt::Display for Path {
    /// The form used in HCL: `parameter[0].name`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if i == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_as_written_in_configuration() {
        let path = Path::attribute("metric_query").index(2).then("dimensions").key("CacheClusterId");
        assert_eq!(path.to_string(), r#"metric_query[2].dimensions["CacheClusterId"]"#);
        assert_eq!(path.first_attribute(), Some("metric_query"));
    }
}
