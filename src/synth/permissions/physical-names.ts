/** The names that a resource of a stack may get. */
import type { Properties } from './property-values.ts'
import { resolveText, type TextSurroundings } from './resolve-text.ts'
import type { ResourcePermissions } from './resource-permissions.ts'

/** Characters that make a made-up name unique, with their hyphen. */
const RANDOM = 13

/** AWS: a physical name is the property's, else `<stack>-<logical id>-<random>`, cut to what the type takes. */
export function physicalNames(
  id: string,
  properties: Properties,
  permissions: ResourcePermissions,
  around: TextSurroundings,
): string[] {
  const given =
    permissions.name && Object.hasOwn(properties, permissions.name)
      ? resolveText(properties[permissions.name], around)
      : []
  if (given.length) return given
  const { longestName = 128, longestStackPart, lowerCase } = permissions
  const whole = `${around.stack}-${id}-`
  const name =
    longestStackPart === undefined
      ? whole.length + RANDOM <= longestName
        ? whole
        : around.stack.slice(0, Math.trunc(longestName / 2) - RANDOM)
      : around.stack.slice(0, longestStackPart)
  return [`${lowerCase ? name.toLowerCase() : name}*`]
}
