/** Limits of CloudFormation templates. */
import { TEMPLATE_BYTES } from '../../../model/index.ts'
import type { PlacedTemplate } from '../../landscape/placed-template.ts'
import type { Quota } from './quota.ts'

const ofTemplates =
  (used: (placed: PlacedTemplate) => number, isCounted = (_: PlacedTemplate) => true): Quota['count'] =>
  ({ templates }) =>
    templates.filter(isCounted).map((placed) => ({
      subject: `the template of ${placed.stack} in ${placed.target.account} ${placed.target.region}`,
      used: used(placed),
      origin: { ...placed.target, stack: placed.stack, ...(placed.file && { file: placed.file }) },
    }))

const bytes = new WeakMap<object, number>()

/** Bytes of the template as JSON without white space. */
function bytesOf({ template }: PlacedTemplate): number {
  const known = bytes.get(template)
  if (known !== undefined) return known
  const counted = Buffer.byteLength(JSON.stringify(template))
  bytes.set(template, counted)
  return counted
}

const count = (value: object | undefined): number => Object.keys(value ?? {}).length

export const templateQuotas: readonly Quota[] = [
  {
    id: 'quota-template-body',
    summary: 'Bytes of a template that is sent with the request.',
    limit: TEMPLATE_BYTES.inRequest,
    unit: 'bytes',
    relief: 'larger templates, up to 1 MB, must be put into a bucket first',
    hard: false,
    count: ofTemplates(bytesOf, ({ inBucket }) => !inBucket),
  },
  {
    id: 'quota-template',
    summary: 'Bytes of a template in a bucket.',
    limit: TEMPLATE_BYTES.inBucket,
    unit: 'bytes',
    relief: 'split the stack',
    count: ofTemplates(bytesOf),
  },
  {
    id: 'quota-resources',
    summary: 'Resources of a template.',
    limit: 500,
    unit: 'resources',
    relief: 'split the stack',
    count: ofTemplates(({ template }) => count(template.Resources)),
  },
  {
    id: 'quota-outputs',
    summary: 'Outputs of a template.',
    limit: 200,
    unit: 'outputs',
    relief: 'split the stack',
    count: ofTemplates(({ template }) => count(template.Outputs)),
  },
  {
    id: 'quota-parameters',
    summary: 'Parameters of a template.',
    limit: 200,
    unit: 'parameters',
    relief: 'split the stack',
    count: ofTemplates(({ template }) => count(template.Parameters)),
  },
]
