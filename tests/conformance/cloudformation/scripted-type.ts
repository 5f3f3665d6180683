/** A resource type under a test's control, put in the place of a real one. */
import type { Host } from '../../../src/cloud/gateway/host.ts'
import type { Cloud } from '../../../src/cloud/index.ts'
import type { Properties, ResourceContext, ResourceType } from '../../../src/cloud/kernel/resource-type.ts'

export interface ScriptedType {
  /** `create MyQueue q-1` and so on, in the order of the calls. */
  readonly calls: string[]
  /** Decides each call: throws to fail it, waits to hold it up. */
  script: (call: string, properties: Properties, rc: ResourceContext) => Promise<void> | void
}

/** Puts a type in the place of whatever makes it, whose physical ids are `<prefix>-<n>`; its attributes are its properties and an Arn. */
export function scriptType(
  cloud: Cloud,
  type: string,
  prefix: string,
  extra: Partial<ResourceType> = {},
): ScriptedType {
  const scripted: ScriptedType = { calls: [], script: () => undefined }
  let made = 0
  const note = async (
    verb: string,
    id: string,
    properties: Properties,
    rc: ResourceContext,
  ): Promise<void> => {
    const call = `${verb} ${rc.logicalId}${id && ` ${id}`}`
    scripted.calls.push(call)
    await scripted.script(call, properties, rc)
  }
  const attributes = (id: string, properties: Properties) => ({ ...properties, Arn: `arn:test:${id}` })
  const definition: ResourceType = {
    type,
    create: async (properties, rc) => {
      await note('create', '', properties, rc)
      const physicalId = `${prefix}-${++made}`
      return { physicalId, attributes: attributes(physicalId, properties) }
    },
    update: async (physicalId, properties, _previous, rc) => {
      await note('update', physicalId, properties, rc)
      return { physicalId, attributes: attributes(physicalId, properties) }
    },
    delete: async (physicalId, properties, rc) => note('delete', physicalId, properties, rc),
    ...extra,
  }
  const types = (cloud as Host).resourceTypes as Map<string, ResourceType>
  const set = types.set.bind(types)
  set(type, definition)
  // The service of the type is loaded with the first stack that has one: its own type does not come back.
  types.set = (name, made) => (name === type ? types : set(name, made))
  return scripted
}
