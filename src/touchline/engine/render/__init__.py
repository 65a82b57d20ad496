"""Everything that is drawn from a finished analysis; the door is `files.render_files`, the order is `job.RenderJob`."""
