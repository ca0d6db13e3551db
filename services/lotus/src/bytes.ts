/**
 * Keeps the JSON bytes of what `render` makes of a value for as long as the value itself lives. The kit gives the very
 * same object while nothing about it changes, so a warm answer costs a look-up and no serialisation.
 */
export function createByteCache<T extends object>(render: (value: T) => unknown): (value: T) => Buffer {
  const rendered = new WeakMap<T, Buffer>()
  return (value) => {
    let bytes = rendered.get(value)
    if (bytes === undefined) {
      bytes = Buffer.from(JSON.stringify(render(value)))
      rendered.set(value, bytes)
    }
    return bytes
  }
}
