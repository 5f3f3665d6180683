/** What templates name and nothing gives. */
import type { TemplateGap } from '../../../landscape/landscape.ts'
import type { Proof } from '../../../proof/proof.ts'
import type { FindingDetails, LintRule } from '../rule.ts'

const ofKind = ({ gaps = [] }: { readonly gaps?: readonly TemplateGap[] }, kind: TemplateGap['kind']) =>
  gaps.filter((gap) => gap.kind === kind)

/** AWS: CreateStack refuses a template that refers to what it does not have. */
export const unresolvedReference: LintRule = {
  id: 'unresolved-reference',
  summary: 'A template refers to a parameter or resource that it does not have.',
  find: ({ landscape }) =>
    ofKind(landscape, 'reference').map(({ name, origin }) => ({
      severity: 'error',
      message: `${origin.logicalId ?? 'an output'} refers to ${name}, which the template has neither as parameter nor as resource`,
      fix: `declare ${name}, or mend the name`,
      origin,
    })),
}

export const parameterWithoutValue: LintRule = {
  id: 'parameter-without-value',
  summary: 'A parameter has neither a value nor a default, so that what depends on it is not proven.',
  find: ({ landscape, proof }) => [
    ...ofKind(landscape, 'parameter').map(
      ({ name, origin }): FindingDetails => ({
        severity: 'warning',
        message: `the parameter ${name} of the stack ${origin.stack} has neither a value nor a default; what hangs on it is not proven`,
        fix: `add ,${name}=<value> behind the file in --templates, or ,${name}=@<stack>.<Output> for an output of another of the templates`,
        origin,
      }),
    ),
    ...openParameters(proof),
  ],
}

/** Parameters of deployed stacks that some permission hangs on. */
function openParameters({ edges, stacks }: Proof): FindingDetails[] {
  const asked = new Set(
    edges.flatMap(({ verdict, assumed }) => (verdict === 'unknown' ? (assumed ?? []) : [])),
  )
  return stacks.flatMap(({ name: stack, openParameters: open }) =>
    open
      .filter(({ name }) => asked.has(`the value of ${name} of ${stack}`))
      .map(({ name, origin }) => ({
        severity: 'warning',
        message: `the value of the parameter ${name} of the stack ${stack} is not known before it is deployed; what hangs on it is not proven`,
        fix: `add ,${name}=<value> behind the file in --application`,
        origin,
      })),
  )
}

export const exportOfNothing: LintRule = {
  id: 'export-of-nothing',
  summary: 'A template imports a value that no stack exports in its account and region.',
  find: ({ landscape, complete }) =>
    ofKind(landscape, 'export').map(({ name, origin }) => ({
      severity: complete ? 'error' : 'warning',
      message: `no template of account ${origin.account}, ${origin.region} exports ${name}; what depends on it is not proven`,
      fix: `give the template whose outputs export ${name}, in the same account and region, or mend the name`,
      origin,
    })),
}
