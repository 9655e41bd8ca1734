pytest_plugins = ["tests.database_fixtures", "tests.town_fixtures", "tests.feature_fixtures", "tests.browser_skips"]
