mod access;
mod refused;
mod retries;
mod support;
mod whole;
