"""Who somebody is and what he may do: accounts, staff, teams, roles, permissions, scope."""
