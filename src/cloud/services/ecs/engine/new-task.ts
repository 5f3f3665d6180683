/** A task that is about to begin. */
import type { Context } from '../../../kernel/context.ts'
import { definitionKind } from '../kinds.ts'
import type { Service, Task, TaskSettings, TaskSource } from '../state.ts'
import { attach } from './task-network.ts'
import { targetsFor } from './task-targets.ts'

export interface NewTask {
  readonly cluster: string
  readonly taskDefinition: string
  readonly group: string
  readonly startedBy?: string
  readonly service?: Service
  readonly settings: TaskSettings
  readonly groups?: TaskSource['groups']
  readonly overrides?: Task['overrides']
  readonly capacityProvider?: string
  readonly tags: Task['tags']
}

/** Gives a task that is about to begin. */
export function newTask(ctx: Context, arnOf: (id: string) => string, given: NewTask): Task {
  const { definition } = definitionKind.find(ctx, given.taskDefinition)
  const { ids, clock } = ctx.cloud
  const id = ids.uuid().replaceAll('-', '')
  return {
    id,
    arn: arnOf(id),
    cluster: given.cluster,
    taskDefinition: given.taskDefinition,
    status: 'PROVISIONING',
    desired: 'RUNNING',
    group: given.group,
    startedBy: given.startedBy,
    service: given.service?.arn,
    containers: (definition.containerDefinitions ?? []).map(({ name = '', image = '' }) => ({
      id: ids.uuid(),
      name,
      image,
    })),
    attachment: attach(ctx, id, given.settings.networkConfiguration),
    targets: targetsFor(given.settings, given.groups),
    overrides: given.overrides,
    launch: { launchType: 'FARGATE', capacityProviderName: given.capacityProvider },
    version: 1,
    created: clock.now(),
    tags: given.tags,
  }
}
