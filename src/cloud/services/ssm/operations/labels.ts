/** Labels of parameter versions; a label stands at one version at a time. */

import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { reference, selectVersion } from '../engine/find.ts'
import { parameterKind } from '../kinds.ts'
import { latestOf, parameters } from '../state.ts'

/** AWS: ten labels on a version. */
const LIMIT = 10

const usable = (label: string): boolean =>
  /^[a-zA-Z_.-][\w.-]{0,99}$/.test(label) && !/^(aws|ssm)/i.test(label)

export const LabelParameterVersion = operation({
  service: 'ssm',
  name: 'LabelParameterVersion',
  access: ({ Name }, ctx) => [parameterKind.on(ctx, 'LabelParameterVersion', reference(Name).name)],
  run: ({ Name, ParameterVersion, Labels }, ctx) => {
    const parameter = parameterKind.find(ctx, reference(Name).name)
    const { version } = selectVersion(
      parameter,
      ParameterVersion === undefined ? undefined : `:${ParameterVersion}`,
    )
    const added = Labels.filter(usable)
    const versions = parameter.versions.map((one) => {
      const others = one.labels.filter((label) => !added.includes(label))
      return { ...one, labels: one.version === version ? [...others, ...added] : others }
    })
    if (versions.some((one) => one.labels.length > LIMIT))
      throw new AwsError(
        'ParameterVersionLabelLimitExceeded',
        'An error occurred (ParameterVersionLabelLimitExceeded): A parameter version can have a maximum of ten labels.',
      )
    ctx.table(parameters).put(parameter.name, { ...parameter, versions })
    return { InvalidLabels: Labels.filter((label) => !usable(label)), ParameterVersion: version }
  },
})

export const UnlabelParameterVersion = operation({
  service: 'ssm',
  name: 'UnlabelParameterVersion',
  access: ({ Name }, ctx) => [parameterKind.on(ctx, 'UnlabelParameterVersion', reference(Name).name)],
  run: ({ Name, ParameterVersion, Labels }, ctx) => {
    const parameter = parameterKind.find(ctx, reference(Name).name)
    const target = selectVersion(parameter, `:${ParameterVersion ?? latestOf(parameter).version}`)
    const RemovedLabels = Labels.filter((label) => target.labels.includes(label))
    const labels = target.labels.filter((label) => !Labels.includes(label))
    const versions = parameter.versions.map((one) => (one === target ? { ...one, labels } : one))
    ctx.table(parameters).put(parameter.name, { ...parameter, versions })
    return { RemovedLabels, InvalidLabels: Labels.filter((label) => !RemovedLabels.includes(label)) }
  },
})
