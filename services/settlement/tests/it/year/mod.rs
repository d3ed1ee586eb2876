mod support;
mod whole;
