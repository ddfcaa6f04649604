//! A number's settings beside what Retell says of it.

use crate::model::Settings;
use crate::reconcile::live::RetellNumber;

impl Settings {
    pub fn of_live(number: &RetellNumber) -> Self {
        let number = number.clone();
        Self {
            inbound_agents: number.inbound_agents,
            outbound_agents: number.outbound_agents,
            inbound_sms_agents: number.inbound_sms_agents,
            outbound_sms_agents: number.outbound_sms_agents,
            termination_uri: number.termination_uri,
            auth_username: number.auth_username,
            transport: number.transport,
            codecs: number.codecs,
            nickname: number.nickname,
            inbound_webhook_url: number.inbound_webhook_url,
            inbound_sms_webhook_url: number.inbound_sms_webhook_url,
            fallback_number: number.fallback_number,
            allowed_inbound_country_list: number.allowed_inbound_country_list,
            allowed_outbound_country_list: number.allowed_outbound_country_list,
        }
    }

    /// Writes these settings over those of a number, as Retell would answer with it.
    pub fn write_to(self, number: &mut RetellNumber) {
        number.inbound_agents = self.inbound_agents;
        number.outbound_agents = self.outbound_agents;
        number.inbound_sms_agents = self.inbound_sms_agents;
        number.outbound_sms_agents = self.outbound_sms_agents;
        number.termination_uri = self.termination_uri;
        number.auth_username = self.auth_username;
        number.transport = self.transport;
        number.codecs = self.codecs;
        number.nickname = self.nickname;
        number.inbound_webhook_url = self.inbound_webhook_url;
        number.inbound_sms_webhook_url = self.inbound_sms_webhook_url;
        number.fallback_number = self.fallback_number;
        number.allowed_inbound_country_list = self.allowed_inbound_country_list;
        number.allowed_outbound_country_list = self.allowed_outbound_country_list;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Setting;
    use crate::model::made_up::number;

    #[test]
    fn each_setting_is_read_of_a_number_and_written_over_it_alone() {
        let agents = json!([{"agent_id": "a", "weight": 1}]);
        for setting in Setting::ALL {
            let value = match setting {
                _ if setting.is_agents() => agents.clone(),
                Setting::Codecs | Setting::AllowedInboundCountryList | Setting::AllowedOutboundCountryList => {
                    json!(["US"])
                }
                Setting::FallbackNumber => json!("+14155550109"),
                _ => json!("text"),
            };
            let mut settings = Settings::default();
            assert!(settings.read_value(*setting, &value), "{setting:?}");
            let mut said = RetellNumber::bare(number(101));
            settings.clone().write_to(&mut said);
            assert_ne!(said, RetellNumber::bare(number(101)), "{setting:?}");
            assert_eq!(Settings::of_live(&said), settings, "{setting:?}");
            Settings::default().write_to(&mut said);
            assert_eq!(said, RetellNumber::bare(number(101)), "{setting:?}");
        }
        let mut field = RetellNumber::bare(number(101));
        (field.nickname, field.codecs) = (Some("A".to_owned()), Some(vec!["PCMU".to_owned()]));
        let settings = Settings::of_live(&field);
        assert_eq!(
            (settings.nickname.as_deref(), settings.codecs.as_deref()),
            (Some("A"), Some(&["PCMU".to_owned()][..]))
        );
    }
}
