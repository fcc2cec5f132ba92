/** Takes a failure that is told elsewhere: by whoever waits for the same later on, or by what comes of it. */
export function ignore(): void {
  // Without it Node would take the failure for one that nobody knows of, and end.
}
