/** The template that a stack was deployed from. */
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../../aws/index.ts'
import type { Target, Template } from '../../model/index.ts'
import { parseTemplate } from '../../template/index.ts'

/** Gives it as it was handed over. Errors: what AWS answers, TemplateFault where it is no template. */
export async function deployedTemplate(
  accounts: Pick<OpenAccounts, 'client'>,
  { id, target }: { readonly id: string; readonly target: Target },
): Promise<Template> {
  const client = await accounts.client(CloudFormationClient, target)
  const { TemplateBody = '{}' } = await client.send(
    new GetTemplateCommand({ StackName: id, TemplateStage: 'Original' }),
  )
  const { Resources = {}, ...rest } = parseTemplate(TemplateBody) as Partial<Template>
  return { ...rest, Resources }
}
