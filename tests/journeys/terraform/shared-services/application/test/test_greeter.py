import os
import sys
import unittest

sys.path.insert(0, "lambda")
import greeter


class Greeter(unittest.TestCase):
    def test_answers(self):
        self.assertTrue(greeter.handler({}, None).endswith("version"))

    def test_has_the_token(self):
        self.assertEqual(os.environ["API_TOKEN"], "not-for-files")
