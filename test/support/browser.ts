/** Debian's Chromium, and the flags that keep it to itself. */
export const executable = '/usr/bin/chromium';
export const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
