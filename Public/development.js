// Loads the page again when a template has changed. Only `kith serve --develop` puts it on a page.
new EventSource("/development/changes").addEventListener("changed", () => location.reload());
