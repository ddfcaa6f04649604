//! Asks which organisation a key belongs to. Nothing depends on the answer being there.

use serde_json::Value;

use crate::providers::answer::{Field, Object};
use crate::providers::base_url::BaseUrl;
use crate::providers::failure::Failure;
use crate::providers::http::{Ask, Connection};
use crate::reconcile::live::Organisation;

/// The longest id that is believed.
const LONGEST: usize = 200;

/// Asks `GET /get-api-key-info` once; whatever is wrong with the answer, the organisation is not known then.
pub(super) async fn read(connection: &Connection<'_>, base: &BaseUrl) -> Organisation {
    let ask = Ask::get(base, base.at(&["get-api-key-info"], &[]));
    let answer = match connection.read_once(&ask).await {
        Ok(answer) => id(&answer).map_err(|cause| Failure::new(cause, ask.endpoint())),
        Err(failure) => Err(failure),
    };
    match answer {
        Ok(id) => Organisation::Known(id),
        Err(failure) => Organisation::NotKnown(Some(failure.describe(&connection.whom).message().to_owned())),
    }
}

fn id(answer: &Value) -> Field<String> {
    let object = Object::whole(answer)?;
    let is_plain = |id: &&str| (1..=LONGEST).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    let id = Some(object.required("org_id")?).filter(is_plain);
    id.map(str::to_owned).ok_or_else(|| object.wrong("org_id", "an id of plain letters"))
}
