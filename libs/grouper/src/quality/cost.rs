use medfund_money::Fen;

use super::{Checked, Given, Kind, ListField};

/// No cost is below zero, and the parts add up to the total, to the fen.
pub(super) fn costs_add_up(list: &mut Checked<'_, '_>) {
    let page = list.page;
    let Given::Is(total) = page.total_cost else { return };
    if total.is_negative() {
        list.blocks(Kind::NegativeCost, ListField::TotalCost, None, &total.to_yuan());
    }
    let Given::Is(parts) = page.costs else { return };
    for (i, part) in parts.iter().enumerate().filter(|(_, part)| part.is_negative()) {
        list.blocks(Kind::NegativeCost, ListField::Costs, Some(i), &part.to_yuan());
    }
    let sum = parts.iter().try_fold(Fen::new(0), |sum, part| sum.checked_add(*part));
    if sum != Some(total) {
        let value = sum.map_or_else(String::new, Fen::to_yuan);
        list.blocks(Kind::CostDoesNotAddUp, ListField::Costs, None, &value);
    }
}
