/** The version of a nested stack that the properties of its resource ask for. */
import type { Context } from '../../../kernel/context.ts'
import type { Properties } from '../../../kernel/resource-type.ts'
import type { Stack, StackVersion } from '../state.ts'
import { versionFrom } from './stack-input.ts'

interface Around {
  /** A context in which CloudFormation itself asks other services as the stack would. */
  readonly ctx: Context
  readonly name: string
  readonly capabilities: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly previous: Stack | undefined
  /** The template that a change set holds; otherwise it is read where the resource says. */
  readonly template?: string
}

/** AWS: a child has its parent's capabilities, and its tags beside its own. Errors: as `versionFrom`. */
export function versionOfNested(properties: Properties, around: Around): Promise<StackVersion> {
  const { ctx, name, capabilities, tags, previous, template } = around
  const given = Object.entries((properties.Parameters ?? {}) as Record<string, unknown>)
  return versionFrom(
    {
      StackName: name,
      ...(template === undefined ? { TemplateURL: properties.TemplateURL } : { UsePreviousTemplate: true }),
      Parameters: given.map(([key, value]) => ({
        ParameterKey: key,
        ParameterValue: [value].flat().join(','),
      })),
      Capabilities: capabilities,
      Tags: [...Object.entries(tags).map(([Key, Value]) => ({ Key, Value })), ...(properties.Tags ?? [])],
    },
    ctx,
    template === undefined ? previous : { ...previous, template },
    { changeSet: false },
  )
}
