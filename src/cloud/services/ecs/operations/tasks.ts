/** RunTask, DescribeTasks, ListTasks and StopTask. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { chooseProviders } from '../engine/choose-providers.ts'
import { describeTask } from '../engine/describe.ts'
import { byItself } from '../engine/identity.ts'
import { strategyOf, usableDefinition } from '../engine/launch.ts'
import { newTask } from '../engine/new-task.ts'
import { passedToTasks } from '../engine/passed-roles.ts'
import { asCreation } from '../engine/tagged-creation.ts'
import { beginTask, stopTask } from '../engine/task-life.ts'
import { begunBefore, rememberBegun } from '../engine/task-requests.ts'
import { clusterKind, clusterName, definitionKind, invalid, shortName, taskKind } from '../kinds.ts'
import { tasks, tasksIn } from '../state.ts'
import { badToken, ecsTags } from './tags.ts'

const UNSUPPORTED = ['placementConstraints', 'placementStrategy', 'volumeConfigurations']

/** AWS: the resource is the task definition, its cluster a condition key; the roles are handed over again. */
export const RunTask = operation({
  service: 'ecs',
  name: 'RunTask',
  access: ({ cluster, taskDefinition = '', overrides, tags }, ctx) => {
    return [
      definitionKind.on(ctx, 'RunTask', taskDefinition, {
        'ecs:cluster': clusterKind.on(ctx, '', cluster).resource,
      }),
      ...asCreation('RunTask', taskKind.onNewTags(ctx, { cluster, named: '*' }, tags)),
      ...passedToTasks(ctx, taskDefinition, overrides),
    ]
  },
  run: (input, ctx) => {
    refuseUnsupported({ ...input, enableExecuteCommand: input.enableExecuteCommand || undefined }, [
      ...UNSUPPORTED,
      'enableExecuteCommand',
    ])
    const { cluster, count = 1, group, startedBy, propagateTags, enableECSManagedTags } = input
    if (count < 1 || count > 10) throw invalid('Invalid count. Count must be between 1 and 10.')
    if (input.overrides)
      refuseUnsupported(input.overrides, ['executionRoleArn', 'inferenceAcceleratorOverrides'])
    const home = clusterKind.find(ctx, cluster).name
    const before = begunBefore(ctx, home, input)
    if (before) return { tasks: before.map((one) => describeTask(ctx, one, true)), failures: [] }
    const providers = chooseProviders(strategyOf(ctx, input), [], count)
    const definition = usableDefinition(ctx, input.taskDefinition, input.networkConfiguration)
    const tags = {
      ...(propagateTags === 'TASK_DEFINITION' ? definition.tags : {}),
      ...taskKind.newTags(ecsTags.read(input.tags)),
      ...(enableECSManagedTags ? { 'aws:ecs:clusterName': home } : {}),
    }
    const given = {
      cluster: home,
      taskDefinition: definition.arn,
      group: group ?? `family:${definition.family}`,
      startedBy,
      settings: { networkConfiguration: input.networkConfiguration },
      overrides: input.overrides,
      tags,
    }
    const arnOf = (named: string) => taskKind.on(ctx, '', { cluster, named }).resource
    const begun = providers.map((capacityProvider) => newTask(ctx, arnOf, { ...given, capacityProvider }))
    for (const one of begun) beginTask(byItself(ctx), one)
    rememberBegun(ctx, home, input, begun)
    return { tasks: begun.map((one) => describeTask(ctx, one, true)), failures: [] }
  },
})

/** AWS: what is not there is a failure beside the rest. */
export const DescribeTasks = operation({
  service: 'ecs',
  name: 'DescribeTasks',
  access: ({ cluster, tasks: all = [] }, ctx) =>
    all.map((named) => taskKind.on(ctx, 'DescribeTasks', { cluster, named })),
  run: ({ cluster, tasks: all = [], include = [] }, ctx) => {
    if (!all.length) throw invalid('Tasks cannot be empty.')
    clusterKind.find(ctx, cluster)
    const found = all.map((named) => ({
      arn: taskKind.on(ctx, '', { cluster, named }).resource,
      record: taskKind.lookUp(ctx, { cluster, named }),
    }))
    return {
      tasks: found.flatMap(({ record }) =>
        record ? [describeTask(ctx, record, include.includes('TAGS'))] : [],
      ),
      failures: found.flatMap(({ record, arn }) => (record ? [] : [{ arn, reason: 'MISSING' }])),
    }
  },
})

/** AWS: those that are to run, unless those that are to stop are asked for. */
export const ListTasks = operation({
  service: 'ecs',
  name: 'ListTasks',
  access: ({ cluster }, ctx) => [
    {
      action: 'ecs:ListTasks',
      resource: '*',
      context: { 'ecs:cluster': clusterKind.on(ctx, '', cluster).resource },
    },
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['containerInstance', 'daemonName'])
    const { cluster, family, serviceName, startedBy, desiredStatus = 'RUNNING', maxResults = 100 } = input
    clusterKind.find(ctx, cluster)
    const all = ctx
      .table(tasks)
      .where(tasksIn, clusterName(cluster))
      .filter((one) => one.desired === desiredStatus)
      .filter((one) => family === undefined || shortName(one.taskDefinition).split(':')[0] === family)
      .filter((one) => serviceName === undefined || one.group === `service:${shortName(serviceName)}`)
      .filter((one) => startedBy === undefined || one.startedBy === startedBy)
      .filter(() => (input.launchType ?? 'FARGATE') === 'FARGATE')
    const { nextToken, ...query } = input
    const page = paginate(all, { token: nextToken, limit: maxResults, query, error: badToken })
    return { taskArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken }
  },
})

export const StopTask = operation({
  service: 'ecs',
  name: 'StopTask',
  access: ({ cluster, task: named = '' }, ctx) => [taskKind.on(ctx, 'StopTask', { cluster, named })],
  run: ({ cluster, task: named = '', reason }, ctx) => {
    clusterKind.find(ctx, cluster)
    const task = taskKind.find(ctx, { cluster, named })
    const stopping = stopTask(byItself(ctx), task, {
      stopCode: 'UserInitiated',
      stoppedReason: reason ?? 'Task stopped by user',
    })
    return { task: describeTask(ctx, stopping, true) }
  },
})
