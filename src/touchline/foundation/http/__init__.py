"""What every HTTP door shares: the app factory, error bodies, paging, and how handlers get their parts."""
