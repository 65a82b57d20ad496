"""Questions of the staff, answered from the club's own rows."""
