/**
 * A definition that is loaded when anything but its name or aliases is asked for. The build puts these in place of the built-in modules,
 * so that a run evaluates only what its playbook uses.
 */
export function lazy<D extends { readonly name: string; readonly aliases?: readonly string[] }>(name: string, aliases: readonly string[] | null, load: () => D): D {
  let loaded: D | undefined;
  const known = { name, aliases: aliases ?? undefined };
  return new Proxy({} as D, {
    get: (_, key) => {
      if (!loaded && Object.hasOwn(known, key)) return known[key as keyof typeof known];
      return (loaded ??= load())[key as keyof D];
    },
    has: (_, key) => key === 'name' || Reflect.has((loaded ??= load()), key),
    ownKeys: () => Reflect.ownKeys((loaded ??= load())),
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor((loaded ??= load()), key);
      return descriptor && { ...descriptor, configurable: true };
    },
  });
}
