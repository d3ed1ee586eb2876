mod access;
mod refused;
mod retries;
mod schema;
mod support;
mod whole;
