import { test } from 'node:test'
import { equal } from 'node:assert/strict'
import { processTitle, type TitleFacts } from '../../../src/config/process-title.js'

const TEXTS: Readonly<Record<string, string>> = {
  'cluster-enabled': 'no',
  port: '6379',
  'tls-port': '0',
  unixsocket: '/run/s',
  bind: '127.0.0.1 ::1',
}

function facts(changes: Readonly<Record<string, string>> = {}, isSentinel = false): TitleFacts {
  const texts = { ...TEXTS, ...changes }
  return { title: 'spinel', configFile: '', isSentinel, textOf: (name) => texts[name as keyof typeof texts] ?? '' }
}

test('templates', () => {
  const cases: [template: string, title: string | undefined][] = [
    ['{title} {listen-addr} {server-mode}', 'spinel 127.0.0.1:6379'],
    ['{title}:{port}:{tls-port}:{unixsocket}:{config-file}', 'spinel:6379:0:/run/s:-'],
    ['  plain  ', 'plain'],
    ['{{title}', '{title}'],
    ['}', '}'],
    ['{{', '{'],
    ['', ''],
    ['{', undefined],
    ['{title', undefined],
    ['{}', undefined],
    ['{nosuch}', undefined],
    ['{constructor}', undefined],
  ]
  for (const [template, title] of cases) equal(processTitle(template, facts()), title, template)
})

test('address and mode', () => {
  const template = '{listen-addr} {server-mode}'
  equal(processTitle(template, facts({ bind: '' })), '*:6379')
  equal(processTitle(template, facts({ port: '0', 'tls-port': '6380' })), '127.0.0.1:6380')
  equal(processTitle(template, facts({ port: '0' })), 'unixsocket:/run/s')
  equal(processTitle(template, facts({ 'cluster-enabled': 'yes' })), '127.0.0.1:6379 [cluster]')
  equal(processTitle(template, facts({}, true)), '127.0.0.1:6379 [sentinel]')
})
