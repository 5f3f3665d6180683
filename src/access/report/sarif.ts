/** Problems as SARIF 2.1.0, the format that code review takes annotations in. */

import type { Origin } from '../landscape/placed-template.ts'
import type { Problem } from './findings.ts'
import { lintRules } from './lint/index.ts'
import { quotas } from './quotas/index.ts'

const OWN_RULES = [
  { id: 'denied', summary: 'A pipeline or a deployment needs a permission that the policies do not grant.' },
  { id: 'over-grant', summary: 'A policy grants what no pipeline or deployment needs.' },
  { id: 'fleet', summary: 'Something in the fleet file, or in a template that it names, is not known.' },
  { id: 'not-proven', summary: 'A policy that has a say is not among the templates.' },
]

/** Gives the SARIF log of a check. */
export function toSarif(problems: readonly Problem[], version: string): object {
  const rules = [...OWN_RULES, ...lintRules, ...quotas]
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Crossdock',
            version,
            rules: rules.map(({ id, summary }) => ({ id, shortDescription: { text: summary } })),
          },
        },
        results: problems.map(({ rule, level, message, origin }) => ({
          ruleId: rule,
          ruleIndex: rules.findIndex(({ id }) => id === rule),
          level,
          message: { text: message },
          locations: origin ? [locationOf(origin)] : [],
        })),
      },
    ],
  }
}

function locationOf({ file, line, column, stack, logicalId, account, region }: Partial<Origin>): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file ?? `${account}/${region}/${stack}.json`) },
      ...(line !== undefined && { region: { startLine: line, startColumn: column } }),
    },
    ...(stack && {
      logicalLocations: [
        {
          fullyQualifiedName: [account, region, stack, logicalId].filter(Boolean).join('/'),
          ...(logicalId && { name: logicalId, kind: 'resource' }),
        },
      ],
    }),
  }
}
