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
