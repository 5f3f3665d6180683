/** What the expansions of serverless resources have in common. */
import { entryOf, setEntry, type Template, type TemplateResource } from '../../model/index.ts'
import { branches, type Properties } from './property-values.ts'

/** Gathers the resources that SAM makes of a template. */
export class ServerlessExpansion {
  readonly #globals: Readonly<Record<string, Properties>>
  readonly #resources = new Map<string, TemplateResource>()
  readonly #changes: [id: string, properties: Properties][] = []

  constructor({ Globals = {} }: Template & { readonly Globals?: Readonly<Record<string, Properties>> }) {
    this.#globals = Globals
  }

  /** The properties of a serverless resource, over those that the template gives for all of its kind. */
  withGlobals(type: string, properties: Properties = {}): Properties {
    return merged(
      entryOf(this.#globals, type.slice('AWS::Serverless::'.length)) ?? {},
      properties,
    ) as Properties
  }

  add(id: string, Type: string, properties: Properties = {}): void {
    this.put(id, { Type, Properties: withoutUndefined(properties) })
  }

  put(id: string, resource: TemplateResource): void {
    this.#resources.set(id, resource)
  }

  has(id: string): boolean {
    return this.#resources.has(id)
  }

  /** Sets properties of another resource, which may not be there yet. */
  change(id: string | undefined, properties: Properties): void {
    if (id !== undefined) this.#changes.push([id, properties])
  }

  /** Names something that SAM makes resources of and that nothing is known about, so that it is reported. */
  unknown(id: string, what: string): void {
    this.put(id, { Type: what })
  }

  resources(): Record<string, TemplateResource> {
    for (const [id, properties] of this.#changes) {
      const resource = this.#resources.get(id)
      if (resource)
        this.put(id, { ...resource, Properties: merged(resource.Properties ?? {}, properties) as Properties })
    }
    return Object.fromEntries(this.#resources)
  }
}

/** AWS: maps are merged, lists are put behind each other, anything else replaces what all have in common. */
function merged(common: unknown, own: unknown): unknown {
  if (Array.isArray(common) && Array.isArray(own)) return [...common, ...own]
  if (!isMap(common) || !isMap(own)) return own
  const all: Record<string, unknown> = { ...common }
  for (const [name, value] of Object.entries(own))
    setEntry(all, name, Object.hasOwn(common, name) ? merged(entryOf(common, name), value) : value)
  return all
}

const isMap = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const withoutUndefined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))

export const without = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)))

export const pick = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)))

export const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] })

/** Where code or a description is: an address, or a map; of what a build has still to upload, nothing is known. */
export function storedAt(
  uri: unknown,
  names: { readonly bucket: string; readonly key: string; readonly version: string },
): Properties {
  const [, bucket, key] = typeof uri === 'string' ? (/^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? []) : []
  const { Bucket = bucket, Key = key, Version } = isMap(uri) ? (uri as Record<string, unknown>) : {}
  return withoutUndefined({ [names.bucket]: Bucket, [names.key]: Key, [names.version]: Version })
}

/** AWS: names and ARNs of managed policies are attached, statements and policy templates become inline policies. */
export function ownRole(
  {
    Policies,
    RolePath,
    PermissionsBoundary,
  }: { readonly Policies?: unknown; readonly RolePath?: unknown; readonly PermissionsBoundary?: unknown },
  inlineToo = false,
): Properties {
  const inline = [Policies ?? []]
    .flat()
    .flatMap(branches)
    .some((one) => isMap(one) && !isReference(one))
  return {
    ManagedPolicyArns: [],
    ...((inline || inlineToo) && { Policies: [] }),
    Path: RolePath,
    PermissionsBoundary,
    Tags: [],
  }
}

const isReference = (value: Properties): boolean =>
  Object.keys(value).every((name) => name === 'Ref' || name.startsWith('Fn::'))
