/** The environment of a task's container: what AWS sets, where the cloud is, and what the definition says. */
import type { Context } from '../../../../kernel/context.ts'
import type { Task } from '../../state.ts'
import type { ContainerDefinition } from './definition.ts'
import { METADATA } from './metadata.ts'

/** AWS: the task definition's own variables win, and what RunTask was told over those. */
export function taskEnvironment(
  ctx: Context,
  task: Task,
  { name = '', environment = [] }: ContainerDefinition,
  given: {
    readonly role: string | undefined
    readonly word: string
    readonly secrets: Readonly<Record<string, string>>
  },
): Record<string, string> {
  const { endpoint } = ctx.cloud
  const { id = '' } = task.containers.find((one) => one.name === name) ?? {}
  const override = task.overrides?.containerOverrides?.find((one) => one.name === name)
  const own = [...environment, ...(override?.environment ?? [])].map((one) => [
    one.name ?? '',
    one.value ?? '',
  ])
  const noProxy = `127.0.0.1,localhost,${METADATA.host}`
  return {
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_REGION: ctx.region,
    AWS_DEFAULT_REGION: ctx.region,
    AWS_ENDPOINT_URL: endpoint,
    ECS_CONTAINER_METADATA_URI_V4: `http://${METADATA.host}/v4/${id}`,
    // The network of a task has no other way out.
    HTTPS_PROXY: endpoint,
    https_proxy: endpoint,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    ...(given.role ? { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: `/v2/credentials/${given.word}` } : {}),
    ...given.secrets,
    ...Object.fromEntries(own),
  }
}
