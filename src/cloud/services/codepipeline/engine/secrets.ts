/** Values of a configuration that nobody is shown. */
import { type ActionDeclaration, entryOf, type PipelineDeclaration } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { providerOf } from './action-types.ts'

const MASK = '****'

type Configuration = Readonly<Record<string, string>>

/** Gives a configuration with its secrets masked. */
export function maskedConfiguration(
  ctx: Context,
  { actionTypeId }: ActionDeclaration,
  configuration: Configuration = {},
): Record<string, string> {
  const keys = providerOf(ctx, actionTypeId)?.configuration ?? {}
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [key, entryOf(keys, key)?.secret ? MASK : value]),
  )
}

/** Gives a declaration as it is shown. */
export const masked = (ctx: Context, pipeline: PipelineDeclaration): PipelineDeclaration =>
  changed(pipeline, (action) => maskedConfiguration(ctx, action, action.configuration))

/** Gives a declaration as it is meant. AWS: the mask that is sent back leaves the secret what it was. */
export const unmasked = (pipeline: PipelineDeclaration, before: PipelineDeclaration): PipelineDeclaration =>
  changed(pipeline, (action, stage) => {
    const known = before.stages
      .find(({ name }) => name === stage)
      ?.actions.find(({ name }) => name === action.name)?.configuration
    return Object.fromEntries(
      Object.entries(action.configuration ?? {}).map(([key, value]) => [
        key,
        value === MASK ? (entryOf(known ?? {}, key) ?? value) : value,
      ]),
    )
  })

const changed = (
  pipeline: PipelineDeclaration,
  configuration: (action: ActionDeclaration, stage: string) => Record<string, string>,
): PipelineDeclaration => ({
  ...pipeline,
  stages: pipeline.stages.map((stage) => ({
    ...stage,
    actions: stage.actions.map((action) =>
      action.configuration ? { ...action, configuration: configuration(action, stage.name) } : action,
    ),
  })),
})
