/** Every Allow statement of an assembly's policies, and the assembly without it. */
import type { Assembly, PolicyDocument, PolicyStatement, Template } from '../../src/model/index.ts'

export interface Statement {
  /** `prod crossdock-hello-hello-access/DeployRole crossdock ReadTemplate…` */
  readonly name: string
  readonly stack: string
  readonly account: string
  readonly region: string
  /** Whether everything in it is of needs that AWS goes on without. */
  readonly optional: boolean
  /** Where it stands in the template, from its resources down. */
  readonly path: readonly (string | number)[]
}

/** Finds the Allow statements of all policy documents in all templates. */
export function allowStatements(assembly: Assembly): Statement[] {
  const needs = assembly.pipelines.flatMap((pipeline) => pipeline.needs)
  const required = new Set(needs.filter((need) => !need.optional).map(({ action }) => action))
  const optional = new Set(needs.filter((need) => need.optional).map(({ action }) => action))
  const isOptional = ({ Action = [] }: PolicyStatement): boolean =>
    [Action].flat().every((action) => optional.has(action) && !required.has(action))
  return assembly.waves.flat().flatMap((stack) =>
    documents(stack.template.Resources, []).flatMap(({ path, document }) =>
      (document.Statement as readonly PolicyStatement[]).flatMap((statement, index) =>
        statement.Effect === 'Allow'
          ? [
              {
                name: `${stack.environment} ${stack.name}/${path[0]} ${path.includes('AssumeRolePolicyDocument') ? 'trust ' : ''}${statement.Sid ?? index}`,
                stack: stack.name,
                ...stack.target,
                optional: isOptional(statement),
                path: [...path, 'Statement', index],
              },
            ]
          : [],
      ),
    ),
  )
}

function documents(
  value: unknown,
  path: (string | number)[],
): { path: (string | number)[]; document: PolicyDocument }[] {
  if (value === null || typeof value !== 'object') return []
  if (Array.isArray((value as { Statement?: unknown }).Statement))
    return [{ path, document: value as PolicyDocument }]
  return Object.entries(value).flatMap(([key, inner]) =>
    documents(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/** Gives the assembly without the statement; a policy that is left empty goes with it. */
export function without(assembly: Assembly, statement: Statement): Assembly {
  return {
    ...assembly,
    waves: assembly.waves.map((wave) =>
      wave.map((stack) => {
        const { account, region } = stack.target
        if (stack.name !== statement.stack || account !== statement.account || region !== statement.region)
          return stack
        const template = structuredClone(stack.template) as Template
        remove(template.Resources, statement.path)
        return { ...stack, template }
      }),
    ),
  }
}

function remove(resources: unknown, path: readonly (string | number)[]): void {
  // biome-ignore lint/suspicious/noExplicitAny: a path through a template leads through anything
  const at = (end: number) => path.slice(0, end).reduce((value: any, key) => value[key], resources as any)
  const index = path.at(-1) as number
  const statements = at(path.length - 1) as unknown[]
  if (statements.length > 1) return void statements.splice(index, 1)
  // AWS refuses a policy without statements, so its only statement is turned into one that matches nothing.
  const only = statements[index] as { Principal?: unknown; Action: unknown; Resource?: unknown }
  statements[index] = {
    ...only,
    Effect: 'Deny',
    Condition: { StringEquals: { 'aws:PrincipalArn': 'nobody' } },
  }
}
