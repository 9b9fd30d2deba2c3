//! Checks Graph's answers against Microsoft's own description of its types (CSDL, an OData schema):
//! names of properties, types of values, members of enumerations.
//!
//! The description in `tests/fixtures` is an extract of
//! <https://github.com/microsoftgraph/msgraph-metadata> (`clean_v10_metadata/cleanMetadata.xml`, MIT
//! licence): profile, mail, attachments, upload sessions and people. Every answer that a test reads is
//! checked.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

const EXTRACT: &str = include_str!("../fixtures/graph-v1.0-mail.csdl.xml");

/// Properties of `user` that Microsoft describes, but that the extract leaves out.
const OF_USERS_BEYOND_THE_EXTRACT: [&str; 10] = [
    "accountEnabled",
    "city",
    "companyName",
    "country",
    "department",
    "mailNickname",
    "otherMails",
    "proxyAddresses",
    "usageLocation",
    "userType",
];

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::parse(EXTRACT));

/// Panics if an answer of Graph is not as Microsoft describes it. Counts are no resources, a batch holds
/// several answers, and the extract leaves contacts out.
pub fn check(path: &str, success: bool, body: &Value) {
    let described = body.is_object() && !path.ends_with("/$batch") && !path.contains("/contacts");
    let checked = if !success || !described {
        Ok(())
    } else if path.starts_with("/v1.0/") {
        SCHEMA.check_answer(body)
    } else if path.starts_with("/api/") {
        SCHEMA.check_object(body, "uploadSession", true)
    } else {
        Ok(())
    };
    if let Err(what) = checked {
        panic!("{path}: {what} in {body}");
    }
}

/// What a description describes, by names without their namespace.
#[derive(Default)]
struct Schema {
    types: HashMap<String, Type>,
    enumerations: HashMap<String, HashSet<String>>,
}

#[derive(Default)]
struct Type {
    base: Option<String>,
    properties: HashMap<String, Property>,
}

struct Property {
    kind: String,
    nullable: bool,
}

impl Schema {
    fn parse(text: &str) -> Self {
        let document = roxmltree::Document::parse(text).unwrap();
        let mut schema = Self::default();
        for node in document.descendants() {
            let name = node.attribute("Name").unwrap_or_default().to_owned();
            match node.tag_name().name() {
                "EntityType" | "ComplexType" => {
                    schema.types.insert(name, Type::parse(node));
                }
                "EnumType" => {
                    let members = node.children().filter_map(|member| member.attribute("Name"));
                    schema.enumerations.insert(name, members.map(ToOwned::to_owned).collect());
                }
                _ => {}
            }
        }
        schema
    }

    /// `@odata.context` says what an answer is.
    fn check_answer(&self, body: &Value) -> Result<(), String> {
        let context = body["@odata.context"].as_str().ok_or("no @odata.context")?;
        let fragment = context.split_once("$metadata#").ok_or("a strange @odata.context")?.1;
        let kind = self.kind_of(fragment)?;
        match body.get("value") {
            Some(list) if !fragment.ends_with("/$entity") => {
                self.check(list, &format!("Collection({kind})"), false)
            }
            _ => self.check_object(body, &kind, false),
        }
    }

    /// `users('id')/messages(subject)/$entity` is a message.
    fn kind_of(&self, fragment: &str) -> Result<String, String> {
        let mut plain = String::new();
        let mut depth = 0;
        for letter in fragment.chars() {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ if depth == 0 => plain.push(letter),
                _ => {}
            }
        }
        let mut kind: Option<String> = None;
        for segment in plain.split('/').filter(|segment| *segment != "$entity") {
            kind = Some(match (kind, segment) {
                (None, "users") => "user".to_owned(),
                (None, named) => local(named),
                (Some(kind), property) => {
                    let found = self.property(&kind, property, false);
                    local(&found.ok_or(format!("{kind} has no {property}"))?.kind)
                }
            });
        }
        kind.filter(|kind| self.types.contains_key(kind)).ok_or(format!("no type for {fragment}"))
    }

    fn check(&self, value: &Value, kind: &str, any_case: bool) -> Result<(), String> {
        if let Some(inner) = kind.strip_prefix("Collection(") {
            let inner = inner.trim_end_matches(')');
            let list = value.as_array().ok_or(format!("{value} is no list"))?;
            return list.iter().try_for_each(|value| self.check(value, inner, any_case));
        }
        let fits = match kind {
            "Edm.String" => value.is_string(),
            "Edm.Boolean" => value.is_boolean(),
            "Edm.Int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            "Edm.Int64" => value.is_i64() || value.is_u64(),
            "Edm.Double" => value.is_number(),
            "Edm.DateTimeOffset" => value.as_str().is_some_and(is_date),
            "Edm.Binary" => value.as_str().is_some_and(is_base64),
            _ => match self.enumerations.get(&local(kind)) {
                Some(members) => value.as_str().is_some_and(|member| members.contains(member)),
                None => return self.check_object(value, &local(kind), any_case),
            },
        };
        if fits { Ok(()) } else { Err(format!("{value} is no {kind}")) }
    }

    /// Annotations are no properties, but one of them may name a more special type.
    fn check_object(&self, value: &Value, kind: &str, any_case: bool) -> Result<(), String> {
        let object: &Map<String, Value> =
            value.as_object().ok_or(format!("{value} is no {kind}"))?;
        let kind = match object.get("@odata.type").and_then(Value::as_str) {
            Some(named) if self.is_a(&local(named), kind) => local(named),
            Some(named) => return Err(format!("{named} is no {kind}")),
            None => kind.to_owned(),
        };
        for (name, value) in object.iter().filter(|(name, _)| !name.contains('@')) {
            if kind == "user" && OF_USERS_BEYOND_THE_EXTRACT.contains(&name.as_str()) {
                continue;
            }
            let property = self.property(&kind, name, any_case);
            let property = property.ok_or(format!("{kind} has no {name}"))?;
            match value {
                Value::Null if property.nullable => {}
                Value::Null => return Err(format!("{name} is null")),
                value => self
                    .check(value, &property.kind, any_case)
                    .map_err(|what| format!("{kind}.{name}: {what}"))?,
            }
        }
        Ok(())
    }

    fn property(&self, kind: &str, name: &str, any_case: bool) -> Option<&Property> {
        let described = self.types.get(kind)?;
        let is = |known: &str| known == name || (any_case && known.eq_ignore_ascii_case(name));
        let own = described.properties.iter().find(|(known, _)| is(known));
        own.map(|(_, property)| property)
            .or_else(|| self.property(described.base.as_deref()?, name, any_case))
    }

    fn is_a(&self, kind: &str, wanted: &str) -> bool {
        kind == wanted
            || self
                .types
                .get(kind)
                .and_then(|described| described.base.as_deref())
                .is_some_and(|base| self.is_a(base, wanted))
    }
}

impl Type {
    fn parse(node: roxmltree::Node<'_, '_>) -> Self {
        let property = |node: roxmltree::Node<'_, '_>| {
            let kind = node.attribute("Type")?.to_owned();
            let nullable = node.attribute("Nullable") != Some("false");
            Some((node.attribute("Name")?.to_owned(), Property { kind, nullable }))
        };
        Self {
            base: node.attribute("BaseType").map(local),
            properties: node.children().filter_map(property).collect(),
        }
    }
}

/// `Collection(graph.message)` and `#microsoft.graph.message` are about `message`.
fn local(name: &str) -> String {
    let inner = name.trim_start_matches("Collection(").trim_end_matches(')');
    inner.rsplit('.').next().unwrap_or_default().to_owned()
}

fn is_date(text: &str) -> bool {
    text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T'
}

fn is_base64(text: &str) -> bool {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).is_ok()
}

#[test]
fn an_answer_has_to_be_as_it_is_described() {
    let schema = Schema::parse(
        r#"<Schema Namespace="microsoft.graph">
          <EntityType Name="entity"><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
          <EntityType Name="user" BaseType="graph.entity">
            <Property Name="phones" Type="Collection(Edm.String)"/>
            <NavigationProperty Name="notes" Type="Collection(graph.note)"/>
          </EntityType>
          <EntityType Name="note" BaseType="graph.entity">
            <Property Name="kind" Type="graph.kind"/><Property Name="made" Type="Edm.DateTimeOffset"/>
          </EntityType>
          <EntityType Name="loudNote" BaseType="graph.note"><Property Name="volume" Type="Edm.Int32"/></EntityType>
          <EnumType Name="kind"><Member Name="short"/><Member Name="long"/></EnumType>
        </Schema>"#,
    );
    let check = |context: &str, text: &str| {
        let mut body: Value = serde_json::from_str(text).unwrap();
        body["@odata.context"] = format!("http://x/v1.0/$metadata#{context}").into();
        schema.check_answer(&body)
    };
    for (context, text) in [
        ("users/$entity", r#"{"id":"1","phones":["2"]}"#),
        ("users(id)/$entity", r#"{"id":"1"}"#),
        ("users('1')/notes(id,kind)", r#"{"value":[{"id":"1","kind":"short"}]}"#),
        ("users('1')/notes/$entity", r#"{"kind":null,"made":"2026-07-15T11:14:02Z","@x.y":1}"#),
        (
            "users('1')/notes",
            r##"{"value":[{"@odata.type":"#microsoft.graph.loudNote","volume":1}]}"##,
        ),
        ("microsoft.graph.note", r#"{"kind":"long"}"#),
    ] {
        assert_eq!(check(context, text), Ok(()), "{context} {text}");
    }
    for (context, text) in [
        ("users/$entity", r#"{"Id":"1"}"#),
        ("users/$entity", r#"{"id":null}"#),
        ("users/$entity", r#"{"phones":"2"}"#),
        ("users/$entity", r#"{"phones":[2]}"#),
        ("users('1')/notes", r#"{"value":[{"kind":"Short"}]}"#),
        ("users('1')/notes", r#"{"value":[{"volume":1}]}"#),
        ("users('1')/notes", r##"{"value":[{"@odata.type":"#microsoft.graph.user"}]}"##),
        ("users('1')/notes/$entity", r#"{"made":"yesterday"}"#),
        ("users('1')/letters", r#"{"value":[]}"#),
    ] {
        assert!(check(context, text).is_err(), "{context} {text}");
    }
}

#[test]
fn an_answer_of_graph_that_microsoft_does_not_describe_fails_its_test() {
    let body = |extra: &str| -> Value {
        let context = "http://x/v1.0/$metadata#users/$entity";
        serde_json::json!({ "@odata.context": context, "id": "1", extra: "Wanda" })
    };
    check("/v1.0/me", true, &body("displayName"));
    let wrong = body("fullName");
    assert!(std::panic::catch_unwind(|| check("/v1.0/me", true, &wrong)).is_err());
}
