/** What the life of tasks tells the rollout of services. */
import type { Arn } from '../../../../model/index.ts'
import { event } from '../../../kernel/event-bus.ts'

/** A task runs, or is no more. */
export const taskMoved = event<{
  readonly account: string
  readonly region: string
  readonly task: Arn
  /** Of images by name, where it runs. */
  readonly digests?: Readonly<Record<string, string>>
}>('ecs.task-moved')
