/**
 * Templates for the process title: `{name}` is replaced, `{{` is a brace, anything else stands for itself.
 *
 * @returns undefined when a variable is unknown or a brace stays open
 */
export function expandTitle(template: string, variable: (name: string) => string | undefined): string | undefined {
  let title = ''
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{', at)
    if (open < 0) return title + template.slice(at)
    title += template.slice(at, open)
    if (template[open + 1] === '{') {
      title += '{'
      at = open + 2
      continue
    }
    const close = template.indexOf('}', open)
    const value = close < 0 ? undefined : variable(template.slice(open + 1, close))
    if (value === undefined) return undefined
    title += value
    at = close + 1
  }
  return title
}

/** The variables of `proc-title-template`. */
export interface TitleFacts {
  readonly title: string
  readonly configFile: string
  readonly isSentinel: boolean
  /** Canonical text of a parameter. */
  textOf(name: string): string
}

/** The title as shown, blanks at its ends removed; undefined when the template is malformed. */
export function processTitle(template: string, facts: TitleFacts): string | undefined {
  const expanded = expandTitle(template, (name) => TITLE_VARIABLES.get(name)?.(facts))
  return expanded?.replace(/^ +| +$/g, '')
}

const TITLE_VARIABLES: ReadonlyMap<string, (facts: TitleFacts) => string> = new Map([
  ['title', (facts: TitleFacts) => facts.title],
  ['listen-addr', listenAddress],
  ['server-mode', serverMode],
  ['config-file', (facts) => facts.configFile || '-'],
  ['port', (facts) => facts.textOf('port')],
  ['tls-port', (facts) => facts.textOf('tls-port')],
  ['unixsocket', (facts) => facts.textOf('unixsocket')],
])

function serverMode(facts: TitleFacts): string {
  if (facts.textOf('cluster-enabled') === 'yes') return '[cluster]'
  return facts.isSentinel ? '[sentinel]' : ''
}

function listenAddress(facts: TitleFacts): string {
  const port = [facts.textOf('port'), facts.textOf('tls-port')].find((text) => text !== '0')
  if (port === undefined) return `unixsocket:${facts.textOf('unixsocket')}`
  return `${facts.textOf('bind').split(' ')[0] || '*'}:${port}`
}
