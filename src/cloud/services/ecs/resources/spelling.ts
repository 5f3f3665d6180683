/** How templates spell what the API of ECS spells otherwise: names of members, by the resource specification. */
import { entryOf, setEntry } from '../../../../model/index.ts'
import { resourceSpec, type TypeSpec } from '../../../../template/index.ts'
import type { Properties } from '../../../kernel/resource-type.ts'

/** Spellings where CloudFormation's and the API's differ by more than the first letter. */
const RENAMED: Record<string, string> = {
  EFSVolumeConfiguration: 'efsVolumeConfiguration',
  FSxWindowsFileServerVolumeConfiguration: 'fsxWindowsFileServerVolumeConfiguration',
  FilesystemId: 'fileSystemId',
  IAM: 'iam',
  PlacementStrategies: 'placementStrategy',
  ProxyConfigurationProperties: 'properties',
  S3FilesVolumeConfiguration: 's3filesVolumeConfiguration',
}

const spelled = (name: string): string => entryOf(RENAMED, name) ?? name[0]!.toLowerCase() + name.slice(1)

/** Gives properties of a resource as the API has them: names of members change, keys of maps do not. */
export function asInput(type: string, properties: Properties): Record<string, unknown> {
  const spec = resourceSpec(type)!
  const members = (specs: typeof spec.properties, given: object) => {
    const result: Record<string, unknown> = {}
    for (const [name, one] of Object.entries(given))
      setEntry(result, spelled(name), value(entryOf(specs, name)?.[1] ?? 'j', one))
    return result
  }
  const value = (kind: TypeSpec, one: unknown): unknown => {
    if (one === null || typeof one !== 'object' || typeof kind === 'string') return one
    if (kind[0] === 'a' && Array.isArray(one)) return one.map((item) => value(kind[1] as TypeSpec, item))
    if (kind[0] === 'r') return members(spec.definition(String(kind[1])), one)
    return one
  }
  return members(spec.properties, properties)
}
