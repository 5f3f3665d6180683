/** What a fleet's own templates make: the landscape of an assembly. */
import type { Assembly } from '../../model/index.ts'
import type { GivenOrganization } from './gathering.ts'
import type { Landscape } from './landscape.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { readLandscape } from './read-landscape.ts'

/** Gives what stands once every stack of an assembly does, below the organization's policies where they are known. */
export function readAssembly(
  { waves, existing = [] }: Assembly,
  organization?: GivenOrganization,
): Landscape {
  const templates = waves.flat().map(
    ({ name: stack, target, template, parametersFrom, tags, templateBucket }): PlacedTemplate => ({
      stack,
      target,
      template,
      parametersFrom,
      tags,
      inBucket: templateBucket !== undefined,
    }),
  )
  return {
    ...readLandscape(templates, organization),
    existingRoles: new Set(existing.flatMap(({ kind, name }) => (kind === 'role' ? name : []))),
  }
}
