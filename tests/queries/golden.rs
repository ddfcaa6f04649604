//! The specification's example outputs, byte for byte.

use crate::queries::project::examples;

const SHOW: &str = "\
Phone Number: +14155551234
Pretty: (415) 555-1234
Type: local
Provider: twilio
Area Code: 415

Twilio Configuration:
  Phone Number SID: PN00000000000000000000014155551234
  Trunk SID: TK0123456789abcdef0123456789abcdef
  Friendly Name: Customer Service Line

SIP Configuration:
  Termination URI: mytrunk.pstn.twilio.com
  Origination URI: sip:sip.retellai.com
  Auth Type: credential

Workspace Assignments:

  Staging:
    ✓ Imported: 2025-11-16T09:00:00Z
    Agent Path: agents/customer-service
    Agent ID: agent_staging_abc123
    Agent Name: Customer Service Agent
    Assignment: inbound-outbound

  Production:
    ✓ Imported: 2025-11-17T14:00:00Z
    Agent Path: agents/customer-service
    Agent ID: agent_prod_xyz789
    Agent Name: Customer Service Agent
    Assignment: inbound-outbound
";

const AGENT_NUMBERS: &str = "\
Agent: Customer Service Agent
Path: agents/customer-service

Staging Numbers (2):
  +14155551234  (inbound-outbound)  Customer Service Line
  +14155555678  (inbound-only)      Support Line

Production Numbers (1):
  +14155551234  (inbound-outbound)  Customer Service Line
";

const UNASSIGNED: &str = "\
Unassigned Numbers in Staging:

+18885551234  toll-free  (888) 555-1234  Sales Hotline
+14159991234  local      (415) 999-1234  No nickname
+14159992345  local      (415) 999-2345  Test Number
";

#[test]
fn show_prints_the_specifications_example() {
    assert_eq!(examples().write().answer(&["show", "+14155551234"]), SHOW);
}

#[test]
fn agent_numbers_prints_the_specifications_example() {
    assert_eq!(examples().write().answer(&["agent-numbers", "agents/customer-service"]), AGENT_NUMBERS);
}

#[test]
fn unassigned_prints_the_specifications_example() {
    let project = examples().write();
    assert_eq!(project.answer(&["unassigned", "--workspace", "staging"]), UNASSIGNED);
    let everywhere = format!("{UNASSIGNED}\nUnassigned Numbers in Production:\n\nNone\n");
    assert_eq!(project.answer(&["unassigned"]), everywhere);
    assert_eq!(project.answer(&["unassigned", "--all"]), everywhere);
}
