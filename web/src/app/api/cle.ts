/** A key no two writes share: by it, the server makes a row once however often the request comes. */
export function nouvelleCle(): string {
  // `randomUUID` is not there on plain HTTP, as on a town's own network.
  const octets = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(octets, (o) => o.toString(16).padStart(2, '0')).join('');
}
