import { describe, expect, test } from '@jest/globals';
import { check } from '../../src/validation/check.ts';
import { aPatient } from './examples.ts';

const keys = (div: string): readonly string[] =>
  check(aPatient({ text: { status: 'generated', div } })).map((issue) => issue.message.split(':')[0] ?? '');

const inDiv = (content: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

describe('a narrative', () => {
  test.each([
    '<p>Ana</p>',
    'a<br/>b &amp; c',
    '<!-- note -->text',
    '<table class="grid"><tr><td colspan="2">1</td></tr></table>',
    '<a href="https://example.org/x?a=b">there</a>',
    '<a href="#part">here</a>',
    '<img src="data:image/png;base64,AAAA" alt="x"/>',
    '<p style="color: red; width: 10px">Ana</p>',
  ])('may be %s', (content) => {
    expect(keys(inDiv(content))).toEqual([]);
  });

  test.each([
    '<script>alert(1)</script>',
    '<p onclick="alert(1)">a</p>',
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" JavaScript:alert(1)">a</a>',
    '<img src="data:text/html;base64,AAAA"/>',
    '<img src=x>',
    '<iframe src="https://example.org"></iframe>',
    '<form action="https://example.org"><p>a</p></form>',
    '<p style="background: url(https://example.org/a.png)">a</p>',
    '<p>a',
    '<b><i>a</b></i>',
    'a < b',
    '<![CDATA[a]]>',
    '<?php ?>',
    '<svg><script>1</script></svg>',
  ])('is not %s', (content) => {
    expect(keys(inDiv(content))).toEqual(['txt-1']);
  });

  test('is one div', () => {
    expect(keys('<p>a</p>')).toEqual(['txt-1']);
    expect(keys('<div>a</div><div>b</div>')).toEqual(['txt-1']);
    expect(keys('<div>a</div>b')).toEqual(['txt-1']);
    expect(keys('text')).toEqual(['txt-1']);
  });

  test('has something to read', () => {
    expect(keys('<div> <p> </p></div>')).toEqual(['txt-2']);
    expect(keys('<div><img src="a.png"/></div>')).toEqual([]);
  });
});
