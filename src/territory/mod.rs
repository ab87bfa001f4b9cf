//! Shared references: communes and collectivités of the COG, addresses.

pub mod bal;
pub mod cog;
pub mod extent;
pub mod jour;
pub mod search;
