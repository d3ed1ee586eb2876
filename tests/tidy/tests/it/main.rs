//! The invariants of the README, held by reading the checkout.

mod documents;
mod layers;
mod migrations;
mod numbers;
mod protos;
mod rates;
mod siblings;
