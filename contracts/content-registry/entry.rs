//! The contract's messages, as the chain calls them. Their selectors, types and whether they take money are ink!'s.

use crate::content_registry::ContentRegistryContract as Registry;
use patronage_interfaces::{ownable::Ownable, registry::ContentRegistry};

patronage_thin::entry_points! {
    Registry;
    "new" => new(vault);
    "ContentRegistry::has_access" => ContentRegistry::has_access(id, account);
    "ContentRegistry::balance_at" => ContentRegistry::balance_at(token, account);
    "ContentRegistry::standing_at" => ContentRegistry::standing_at(vault, account);
    "ContentRegistry::check" => ContentRegistry::check(id, account);
    "ContentRegistry::check_many" => ContentRegistry::check_many(ids, account);
    "ContentRegistry::purchase" => ContentRegistry::purchase(id, recipient, max_price, latest_release);
    "ContentRegistry::has_bought" => ContentRegistry::has_bought(id, account);
    "ContentRegistry::publish" => ContentRegistry::publish(content, terms);
    "ContentRegistry::replace_file" => ContentRegistry::replace_file(id, content);
    "ContentRegistry::change_terms" => ContentRegistry::change_terms(id, terms);
    "ContentRegistry::content" => ContentRegistry::content(id);
    "ContentRegistry::terms" => ContentRegistry::terms(id);
    "ContentRegistry::content_count" => ContentRegistry::content_count();
    "ContentRegistry::set_listed" => ContentRegistry::set_listed(list, accounts, listed);
    "ContentRegistry::is_listed" => ContentRegistry::is_listed(list, account);
    "ContentRegistry::set_manager" => ContentRegistry::set_manager(account, appointed);
    "ContentRegistry::is_manager" => ContentRegistry::is_manager(account);
    "ContentRegistry::manager_count" => ContentRegistry::manager_count();
    "ContentRegistry::set_question_limits" => ContentRegistry::set_question_limits(limits);
    "ContentRegistry::question_limits" => ContentRegistry::question_limits();
    "ContentRegistry::set_vault" => ContentRegistry::set_vault(vault);
    "ContentRegistry::vault" => ContentRegistry::vault();
    "Ownable::propose_owner" => Ownable::propose_owner(candidate);
    "Ownable::accept_ownership" => Ownable::accept_ownership();
    "Ownable::owner" => Ownable::owner();
    "Ownable::pending_owner" => Ownable::pending_owner();
}
