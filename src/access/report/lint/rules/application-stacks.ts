/** What is wrong with the templates of stacks that pipelines deploy, or not known of them. */
import type { LintRule } from '../rule.ts'

/** AWS: CloudFormation refuses values for parameters that a template does not have. */
export const strayOverride: LintRule = {
  id: 'stray-override',
  summary: 'An action overrides a parameter that the template of its stack does not have.',
  find: ({ proof }) =>
    proof.stacks.flatMap(({ name, origin, strayOverrides }) =>
      strayOverrides.map((parameter) => ({
        severity: 'error' as const,
        message: `the pipeline gives the stack ${name} a value for ${parameter}, which its template does not have as parameter`,
        fix: `declare the parameter ${parameter}, or take it out of ParameterOverrides`,
        origin,
      })),
    ),
}

export const unknownPermissions: LintRule = {
  id: 'unknown-permissions',
  summary: 'What CloudFormation calls for a resource type is not known, so that it is not proven.',
  find: ({ proof }) =>
    proof.stacks.flatMap(({ name, unknownTypes }) =>
      unknownTypes.map(({ type, origin }) => ({
        severity: 'warning' as const,
        message: `what CloudFormation calls for ${type} in the stack ${name} is not known and not proven`,
        fix: 'see the type’s handlers in the CloudFormation registry for the permissions that the stack’s role needs',
        origin,
      })),
    ),
}
