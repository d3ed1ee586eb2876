//! agreement.
