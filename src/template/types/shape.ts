/** The place language of the types' tables: `arn:aws:sns:{region}:{account}:{name}`, taken apart once. */
import type { Shape } from './type-facts.ts'

/** A place that a property fills. */
export interface PropertyPlace {
  readonly property: string
  /** Only what follows the last of these. */
  readonly after?: string
  /** Put behind it where it is given. */
  readonly behind?: string
  /** Instead of it where it is left out. */
  readonly or?: string
}

const parts = new Map<Shape, readonly string[]>()

/** Gives a shape taken apart: every second part is a place. */
export function shapeParts(shape: Shape): readonly string[] {
  let known = parts.get(shape)
  if (!known) {
    known = shape.split(/[{}]/)
    parts.set(shape, known)
  }
  return known
}

const places = new Map<string, PropertyPlace>()

/** Gives what a place asks of a property. */
export function propertyPlace(place: string): PropertyPlace {
  let known = places.get(place)
  if (!known) {
    const [property = '', ...words] = place.split(' ')
    const told = (word: string) => {
      const at = words.indexOf(word)
      return at < 0 ? undefined : words[at + 1]
    }
    known = { property, after: told('after'), behind: told('then'), or: told('or') }
    places.set(place, known)
  }
  return known
}
